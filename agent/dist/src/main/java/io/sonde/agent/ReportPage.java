package io.sonde.agent;

import io.sonde.weaver.JdkInternals;
import io.sonde.weaver.Report;
import java.util.Properties;

/**
 * Shows the report to other processes: in the JVM's agent properties, where the attach API reads it
 * without loading anything.
 */
final class ReportPage implements Report.Reader {
  private final Properties properties;

  private ReportPage(Properties properties) {
    this.properties = properties;
  }

  /** Shows the report from now on, as far as this JVM has agent properties. */
  static void show(Report report, JdkInternals internals, String about) {
    Properties properties = internals.agentProperties();
    if (properties != null) {
      properties.setProperty("sonde.about", about);
      report.reader(new ReportPage(properties));
    }
  }

  @Override
  public void line(int number, String line) {
    properties.setProperty("sonde.report." + number, line);
  }
}
