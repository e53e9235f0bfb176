package io.sonde.agent.jmx;

import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.management.Attribute;
import javax.management.JMException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.jspecify.annotations.Nullable;

/**
 * Beans of this JVM as metrics, read anew at each scrape: {@link Samples#MAX} values and {@link
 * #LONGEST_NANOS} at most. Needs java.management.
 */
public final class JmxMetrics implements MetricSource {
  private static final long LONGEST_NANOS = 4_000_000_000L;

  /** Patterns of rules take stack for each character. */
  private static final int LONGEST_TEXT = 1_000;

  private static final int MAX_BEANS = 20_000;
  private static final int DEEPEST = 8;

  private final Rules rules;
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

  private JmxMetrics(Rules rules) {
    this.rules = rules;
  }

  /** Reads the rules; what they cannot be read for is the exception's message. */
  public static JmxMetrics of(String text) {
    try {
      return new JmxMetrics(Rules.of(text));
    } catch (RuleException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Settings of the file that have no effect here. */
  public Set<String> ignored() {
    return rules.ignored;
  }

  @Override
  public void read(MetricReader reader) {
    Samples samples = new Samples(rules);
    long start = System.nanoTime();
    for (ObjectName bean : beans()) {
      if (samples.full() || System.nanoTime() - start > LONGEST_NANOS) {
        break;
      }
      try {
        read(bean, samples);
      } catch (Throwable ignored) {
        // The bean is gone, or its own code failed, or a pattern took more stack than there is: the
        // others are read all the same.
      }
    }
    samples.read(reader);
  }

  private Set<ObjectName> beans() {
    Set<ObjectName> names = new LinkedHashSet<>();
    for (ObjectName pattern : rules.included) {
      for (ObjectName name : server.queryNames(pattern, null)) {
        if (names.size() < MAX_BEANS && !Rules.isLeftAlone(name)) {
          names.add(name);
        }
      }
    }
    for (ObjectName pattern : rules.excluded) {
      names.removeIf(name -> pattern != null && pattern.apply(name));
    }
    return names;
  }

  private void read(ObjectName bean, Samples samples) throws JMException, RuleException {
    MBeanAttributeInfo[] infos = server.getMBeanInfo(bean).getAttributes();
    Map<String, String> descriptions = new LinkedHashMap<>();
    for (MBeanAttributeInfo info : infos) {
      if (info.isReadable() && rules.wants(bean, info.getName())) {
        String description = info.getDescription();
        descriptions.put(info.getName(), description == null ? info.getName() : description);
      }
    }
    Map<String, String> keys = keys(bean);
    for (Attribute attribute : attributes(bean, descriptions.keySet())) {
      String name = attribute.getName();
      value(
          new Place(samples, bean.getDomain(), keys, descriptions.getOrDefault(name, name)),
          Collections.emptyList(),
          name,
          attribute.getValue());
    }
  }

  /** All at once, or one by one where the bean fails all for the sake of one. */
  private List<Attribute> attributes(ObjectName bean, Set<String> names) {
    try {
      return server.getAttributes(bean, names.toArray(new String[0])).asList();
    } catch (JMException | RuntimeException e) {
      List<Attribute> attributes = new ArrayList<>();
      for (String name : names) {
        try {
          attributes.add(new Attribute(name, server.getAttribute(bean, name)));
        } catch (JMException | RuntimeException missing) {
          // Its own affair; the others are read.
        }
      }
      return attributes;
    }
  }

  /** The bean's properties in the order of its name. */
  private static Map<String, String> keys(ObjectName bean) {
    Map<String, String> keys = new LinkedHashMap<>();
    String list = bean.getKeyPropertyListString();
    int at = 0;
    while (at < list.length()) {
      int equals = list.indexOf('=', at);
      if (equals < 0) {
        break;
      }
      String key = list.substring(at, equals);
      String value = bean.getKeyProperty(key);
      if (value == null) {
        break;
      }
      keys.put(key, value);
      at = equals + 1 + value.length() + 1;
    }
    return keys;
  }

  private void value(Place place, List<String> path, String name, @Nullable Object value)
      throws RuleException {
    if (value == null || path.size() > DEEPEST || place.samples.full()) {
      return;
    }
    if (value instanceof CompositeData) {
      CompositeData composite = (CompositeData) value;
      List<String> below = plus(path, name);
      for (String key : composite.getCompositeType().keySet()) {
        value(place, below, key, composite.get(key));
      }
    } else if (value instanceof TabularData) {
      table(place, path, name, (TabularData) value);
    } else if (value instanceof Number || value instanceof Boolean || value instanceof String) {
      Object shown = value instanceof String ? cut((String) value) : value;
      place.samples.add(place.domain, place.keys, path, name, place.description, shown);
    }
  }

  private static String cut(String text) {
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  /** Each row is a bean of its own, with the columns of its index as properties. */
  private void table(Place place, List<String> path, String name, TabularData table)
      throws RuleException {
    List<String> index = table.getTabularType().getIndexNames();
    for (Object row : table.values()) {
      if (!(row instanceof CompositeData)) {
        continue;
      }
      CompositeData composite = (CompositeData) row;
      Map<String, String> keys = new LinkedHashMap<>(place.keys);
      for (String column : index) {
        Object value = composite.get(column);
        if (value != null && !(value instanceof CompositeData)) {
          String key = column;
          while (keys.containsKey(key)) {
            key += '_';
          }
          keys.put(key, cut(value.toString()));
        }
      }
      Place of = new Place(place.samples, place.domain, keys, place.description);
      for (String column : composite.getCompositeType().keySet()) {
        if (!index.contains(column)) {
          // A table of keys and values names the value by the attribute alone.
          boolean map = column.equals("value") && Arrays.asList("key").equals(index);
          value(of, map ? path : plus(path, name), map ? name : column, composite.get(column));
        }
      }
    }
  }

  private static List<String> plus(List<String> path, String name) {
    List<String> longer = new ArrayList<>(path);
    longer.add(name);
    return longer;
  }

  /** Where a value was found. */
  private static final class Place {
    final Samples samples;
    final String domain;
    final Map<String, String> keys;
    final String description;

    Place(Samples samples, String domain, Map<String, String> keys, String description) {
      this.samples = samples;
      this.domain = domain;
      this.keys = keys;
      this.description = description;
    }
  }
}
