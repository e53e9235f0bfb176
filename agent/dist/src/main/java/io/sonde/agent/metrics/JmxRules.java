package io.sonde.agent.metrics;

import io.sonde.agent.jmx.JmxMetrics;
import io.sonde.core.Messages;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The beans' metrics where a rule file is set and can be read; one line says where it cannot. */
final class JmxRules implements MetricSource {
  private static final int LARGEST = 1 << 20;

  private static final int MOST_NAMES = 10;

  private final String file;
  private final Messages agent;
  private final @Nullable MetricSource beans;
  private final AtomicBoolean said = new AtomicBoolean();

  JmxRules(String file, Messages agent) {
    this.file = file;
    this.agent = agent;
    beans = read(file, agent);
  }

  private static @Nullable MetricSource read(String file, Messages agent) {
    try {
      JmxMetrics metrics = JmxMetrics.of(text(file));
      if (!metrics.ignored().isEmpty()) {
        agent.warn(
            "SONDE_JMX_CONFIG " + file + ": without effect here: " + join(metrics.ignored()));
      }
      return metrics;
    } catch (IOException | RuntimeException e) {
      agent.warn("no metrics of beans: SONDE_JMX_CONFIG " + file + ": " + message(e));
    } catch (LinkageError e) {
      agent.warn("this runtime has no module java.management: no metrics of beans");
    }
    return null;
  }

  private static String join(Iterable<String> names) {
    return String.join(", ", names);
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.toString() : message.replace('\n', ' ');
  }

  private static String text(String file) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    try (InputStream in = new FileInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        out.write(buffer, 0, n);
        if (out.size() > LARGEST) {
          throw new IOException("larger than 1 MiB");
        }
      }
    }
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }

  @Override
  public void read(MetricReader reader) {
    if (beans != null) {
      beans.read(reader);
    }
  }

  /** Says once which of its metrics are not shown, if any. */
  void leftOut(Set<String> names) {
    if (!names.isEmpty() && said.compareAndSet(false, true)) {
      List<String> first = new ArrayList<>(names);
      int more = first.size() - MOST_NAMES;
      agent.warn(
          "SONDE_JMX_CONFIG "
              + file
              + ": left out, as Prometheus has another metric of that name: "
              + join(more > 0 ? first.subList(0, MOST_NAMES) : first)
              + (more > 0 ? " and " + more + " more" : ""));
    }
  }
}
