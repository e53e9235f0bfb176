package io.sonde.agent;

import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/** Recognises other tracing agents by the classes they start with. */
final class OtherAgents {
  private static final String[][] KNOWN = {
    {"io.opentelemetry.javaagent.OpenTelemetryAgent", "The OpenTelemetry agent"},
    {"co.elastic.apm.agent.premain.AgentMain", "The Elastic APM agent"},
    {"datadog.trace.bootstrap.AgentBootstrap", "The Datadog agent"},
    {"com.newrelic.bootstrap.BootstrapAgent", "The New Relic agent"},
    {"com.dynatrace.agent.introspection.Introspection", "The Dynatrace agent"},
    {"com.appdynamics.appagent.agent.AgentEntryPoint", "The AppDynamics agent"},
    {"org.apache.skywalking.apm.agent.SkyWalkingAgent", "The SkyWalking agent"},
    {"com.navercorp.pinpoint.bootstrap.PinpointBootStrap", "The Pinpoint agent"},
    {"org.glowroot.agent.AgentPremain", "The Glowroot agent"},
    {"com.microsoft.applicationinsights.agent.Agent", "The Application Insights agent"},
    {"com.instana.agent.boot.Agent", "The Instana agent"},
    {"com.splunk.opentelemetry.SplunkAgent", "The Splunk agent"}
  };

  private OtherAgents() {}

  /** The name of the agent that a class belongs to, or null. */
  static @Nullable String of(String className) {
    for (String[] agent : KNOWN) {
      if (agent[0].equals(className)) {
        return agent[1];
      }
    }
    return null;
  }

  /** An agent that is loaded already, or null. */
  static @Nullable String present(Instrumentation instrumentation) {
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String agent = of(type.getName());
      if (agent != null) {
        return agent;
      }
    }
    return null;
  }
}
