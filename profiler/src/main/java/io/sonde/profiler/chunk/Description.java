package io.sonde.profiler.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The types of a recording's events and pools. Some hundred kilobytes in a JVM's recording, and the
 * same in one chunk after the other, so what was read last is used again where it is.
 */
final class Description {
  private static final String TICKS = "TICKS";

  private final byte[] written;
  private final LongInts numbers = new LongInts();
  private final List<Type> types = new ArrayList<>();

  private Description(byte[] written) {
    this.written = written;
  }

  /** What stands there, an event of its own; the known one where it is the same. */
  static Description of(byte[] bytes, int start, @Nullable Description known) {
    Cursor in = new Cursor(bytes, start);
    int end = start + in.count();
    in.number(); // its kind
    in.number(); // time
    in.number(); // duration
    in.number(); // id
    if (known != null && known.is(bytes, in.at, end)) {
      return known;
    }
    Description description = new Description(Arrays.copyOfRange(bytes, in.at, end));
    description.read(in);
    return description;
  }

  private boolean is(byte[] bytes, int from, int to) {
    if (to - from != written.length || to > bytes.length) {
      return false;
    }
    for (int i = 0; i < written.length; i++) {
      if (written[i] != bytes[from + i]) {
        return false;
      }
    }
    return true;
  }

  /** How many types there are. */
  int size() {
    return types.size();
  }

  /** The type of that id, or null. */
  @Nullable Type type(long id) {
    int number = numbers.get(id);
    return number < 0 ? null : types.get(number);
  }

  /** The type of that name, or null. */
  @Nullable Type type(String name) {
    for (Type type : types) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    return null;
  }

  private void read(Cursor in) {
    String[] strings = new String[in.count()];
    for (int i = 0; i < strings.length; i++) {
      strings[i] = in.text();
    }
    List<Element> classes = new ArrayList<>();
    element(in, strings).collect("class", classes);
    for (Element element : classes) {
      String name = element.text("name");
      numbers.put(element.id("id"), types.size());
      types.add(new Type(name, types.size(), ChunkStacks.POOLS.contains(name)));
    }
    for (Element element : classes) {
      Type type = type(element.id("id"));
      if (type != null) {
        type.fields(fields(element));
      }
    }
  }

  private List<Type.Field> fields(Element of) {
    List<Type.Field> fields = new ArrayList<>();
    for (Element field : of.children) {
      Type type = type(field.id("class"));
      if (type != null && field.name.equals("field")) {
        fields.add(
            new Type.Field(
                field.text("name"),
                type,
                field.text("constantPool").equals("true"),
                !field.text("dimension").isEmpty(),
                isTicks(field)));
      }
    }
    return fields;
  }

  private boolean isTicks(Element field) {
    for (Element annotation : field.children) {
      Type type = type(annotation.id("class"));
      if (type != null && type.name().equals("jdk.jfr.Timespan")) {
        return annotation.text("value").equals(TICKS);
      }
    }
    return false;
  }

  private static Element element(Cursor in, String[] strings) {
    Element element = new Element(strings[in.count()]);
    for (int left = in.count(); left > 0; left--) {
      element.attributes.put(strings[in.count()], strings[in.count()]);
    }
    for (int left = in.count(); left > 0; left--) {
      element.children.add(element(in, strings));
    }
    return element;
  }

  /** A node of the description, which looks like XML. */
  private static final class Element {
    final String name;
    final Map<String, String> attributes = new HashMap<>();
    final List<Element> children = new ArrayList<>();

    Element(String name) {
      this.name = name;
    }

    String text(String attribute) {
      return attributes.getOrDefault(attribute, "");
    }

    long id(String attribute) {
      String text = text(attribute);
      return text.isEmpty() ? -1 : Long.parseLong(text);
    }

    void collect(String wanted, List<Element> into) {
      if (name.equals(wanted)) {
        into.add(this);
      }
      for (Element child : children) {
        child.collect(wanted, into);
      }
    }
  }
}
