package io.sonde.exporters.otlp;

import io.sonde.core.Protobuf;
import io.sonde.profiler.pprof.Contents;
import io.sonde.profiler.pprof.FrameKind;

/**
 * What the profiles of one request have in common: OTLP's {@code ProfilesDictionary}, whose tables
 * begin with an entry that says nothing.
 */
final class ProfileDictionary {
  private static final int MAPPINGS = 1;
  private static final String FRAME_TYPE = "profile.frame.type";

  private final ProfileTable locations = new ProfileTable(2);
  private final ProfileTable functions = new ProfileTable(3);
  private final ProfileTable links = new ProfileTable(4);
  private final ProfileTable strings = new ProfileTable(5);
  private final ProfileTable attributes = new ProfileTable(6);
  private final ProfileTable stacks = new ProfileTable(7);

  ProfileDictionary() {
    text("");
    nothing(locations);
    nothing(functions);
    nothing(attributes);
    nothing(stacks);
    link(0, 0, 0);
  }

  private static void nothing(ProfileTable table) {
    table.out.end(table.out.begin(table.field));
    table.add(new ProfileTable.Key());
  }

  /** The number of that text. */
  int text(String text) {
    int known = strings.find(text);
    if (known >= 0) {
      return known;
    }
    strings.out.text(strings.field, text);
    return strings.add(text);
  }

  /** The number of the link to that span; 0 for none. */
  int link(long span, long traceHi, long traceLo) {
    ProfileTable.Key key = new ProfileTable.Key(span, traceHi, traceLo);
    int known = links.find(key);
    if (known >= 0) {
      return known;
    }
    // Of full length where it is none, too: some readers take no other.
    int begun = links.out.begin(links.field);
    links.out.id(1, traceHi, traceLo);
    links.out.id(2, span);
    links.out.end(begun);
    return links.add(key);
  }

  /** The number of an attribute whose value is a text. */
  int attribute(String name, String value) {
    int nameIndex = text(name);
    // The value is no text of the table: its number there would be an entry that nobody needs.
    Object key = name + '\0' + value;
    int known = attributes.find(key);
    if (known >= 0) {
      return known;
    }
    Protobuf out = attributes.out;
    int begun = out.begin(attributes.field);
    out.number(1, nameIndex);
    int wrapped = out.begin(AttributeWriter.VALUE);
    out.text(AttributeWriter.TEXT, value);
    out.end(wrapped);
    out.end(begun);
    return attributes.add(key);
  }

  /** The number of that frame. */
  int location(Contents of, int frame) {
    int function = function(of, frame);
    int line = of.line(frame);
    FrameKind kind = of.kind(frame);
    int type = attribute(FRAME_TYPE, kind == FrameKind.NATIVE ? "native" : "jvm");
    ProfileTable.Key key = new ProfileTable.Key(function, line, type);
    int known = locations.find(key);
    if (known >= 0) {
      return known;
    }
    Protobuf out = locations.out;
    int begun = out.begin(locations.field);
    int lines = out.begin(3);
    number(out, 1, function);
    number(out, 2, line);
    out.end(lines);
    packed(out, 4, type);
    out.end(begun);
    return locations.add(key);
  }

  private int function(Contents of, int frame) {
    int name = text(of.name(frame));
    int system = text(of.systemName(frame));
    int file = text(of.file(frame));
    ProfileTable.Key key = new ProfileTable.Key(name, system, file);
    int known = functions.find(key);
    if (known >= 0) {
      return known;
    }
    Protobuf out = functions.out;
    int begun = out.begin(functions.field);
    number(out, 1, name);
    number(out, 2, system);
    number(out, 3, file);
    out.end(begun);
    return functions.add(key);
  }

  /** The number of a stack of these locations, the leaf first. */
  int stack(long[] leafFirst) {
    ProfileTable.Key key = new ProfileTable.Key(leafFirst);
    int known = stacks.find(key);
    if (known >= 0) {
      return known;
    }
    int begun = stacks.out.begin(stacks.field);
    packed(stacks.out, 1, leafFirst);
    stacks.out.end(begun);
    return stacks.add(key);
  }

  /** A field of a whole number; zero is the default and left out. */
  static void number(Protobuf out, int field, long value) {
    if (value != 0) {
      out.number(field, value);
    }
  }

  /** A field of whole numbers. */
  static void packed(Protobuf out, int field, long... values) {
    int begun = out.begin(field);
    for (long value : values) {
      out.varint(value);
    }
    out.end(begun);
  }

  /** All tables, in the order of their fields. */
  void writeTo(Protobuf out) {
    out.end(out.begin(MAPPINGS));
    out.append(locations.out);
    out.append(functions.out);
    out.append(links.out);
    out.append(strings.out);
    out.append(attributes.out);
    out.append(stacks.out);
  }
}
