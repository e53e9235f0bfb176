package io.sonde.agent;

import io.sonde.core.Tracing;
import io.sonde.weaver.Weaver;
import java.lang.instrument.Instrumentation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Recognises other agents that do the same by the classes they start with. */
final class OtherAgents implements Weaver.Watcher {
  /** Pyroscope's own agent, which profiles and does not trace. */
  static final String PYROSCOPE = "io.pyroscope.javaagent.PyroscopeAgent";

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

  private final Log log;

  OtherAgents(Log log) {
    this.log = log;
  }

  @Override
  public List<String> names() {
    List<String> names = new ArrayList<>();
    for (String[] agent : KNOWN) {
      names.add(agent[0]);
    }
    names.add(PYROSCOPE);
    return names;
  }

  /** One that comes after us gets the application's traces to itself, too. */
  @Override
  public void loaded(String name) {
    if (name.equals(PYROSCOPE)) {
      Start.besidePyroscope();
    } else {
      Tracing.stop();
      log.warn(advice(String.valueOf(of(name)), "Sonde's tracing"));
    }
  }

  /** What is said of one that traces, and of what it leaves off. */
  static String advice(String agent, String off) {
    return agent
        + " is in this JVM too: "
        + off
        + " stays off, so that nothing is traced twice; remove one of the two";
  }

  /** The name of the agent that a class belongs to, or null. */
  static @Nullable String of(String className) {
    for (String[] agent : KNOWN) {
      if (agent[0].equals(className)) {
        return agent[1];
      }
    }
    return null;
  }

  /**
   * An agent that is loaded already, one that traces before {@link #PYROSCOPE}'s class, or null.
   */
  static @Nullable String present(Instrumentation instrumentation) {
    Map<String, String> agents = new HashMap<>();
    for (String[] agent : KNOWN) {
      agents.put(agent[0], agent[1]);
    }
    boolean profiler = false;
    // With an AOT cache ten thousand classes are loaded by now.
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String agent = agents.get(type.getName());
      if (agent != null) {
        return agent;
      }
      profiler |= type.getName().equals(PYROSCOPE);
    }
    return profiler ? PYROSCOPE : null;
  }
}
