package io.sonde.agent.metrics;

import io.sonde.agent.jmx.JmxMetrics;
import io.sonde.core.metrics.MetricReader;
import io.sonde.core.metrics.MetricSource;
import java.io.ByteArrayOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The beans' metrics where a rule file is set and can be read; one line says where it cannot. */
final class JmxRules implements MetricSource {
  private static final int LARGEST = 1 << 20;

  private final @Nullable MetricSource beans;

  JmxRules(String file, Metrics.Surroundings agent) {
    beans = read(file, agent);
  }

  private static @Nullable MetricSource read(String file, Metrics.Surroundings agent) {
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
}
