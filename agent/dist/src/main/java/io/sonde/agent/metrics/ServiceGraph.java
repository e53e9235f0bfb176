package io.sonde.agent.metrics;

import io.sonde.core.Names;
import io.sonde.core.Red;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The edges from this service and to it, by the names of Tempo's metrics generator.
 *
 * <p>An agent sees one side of a call: the other side is the address, the database or the
 * destination that was called, and both sides' durations are the one that was measured here.
 */
final class ServiceGraph implements Naming {
  /** Who calls from where no spans are, such as a browser or another company's service. */
  private static final String USER = "user";

  private static final String PREFIX = "traces_service_graph_request";
  private static final Instrument TOTAL =
      new Instrument(Kind.COUNTER, PREFIX, "", "Calls between two nodes.");
  private static final Instrument FAILED =
      new Instrument(Kind.COUNTER, PREFIX + "_failed", "", "Calls between two nodes that failed.");
  private static final Instrument CLIENT = seconds("_client", "as the client saw them.");
  private static final Instrument SERVER = seconds("_server", "as the server saw them.");

  private final Supplier<String> ownName;

  ServiceGraph(Supplier<String> ownName) {
    this.ownName = ownName;
  }

  private static Instrument seconds(String side, String seen) {
    return new Instrument(
        Kind.HISTOGRAM, PREFIX + side, "s", "Duration of calls between two nodes, " + seen);
  }

  @Override
  public void show(List<Calls> calls, MetricReader reader) {
    String own = ownName.get();
    Merged all = Merged.withCommonBounds();
    Merged failed = Merged.withCommonBounds();
    for (Calls each : calls) {
      Labels edge = edge(each, own);
      if (edge != null) {
        all.add(edge, each.histogram);
        if (each.failed()) {
          failed.add(edge, each.histogram);
        }
      }
    }
    all.counts(TOTAL, reader);
    failed.counts(FAILED, reader);
    all.histograms(CLIENT, 1, reader);
    all.histograms(SERVER, 1, reader);
  }

  private static @Nullable Labels edge(Calls of, String own) {
    if (of.of(Calls.SERVER)) {
      return of.labels.get(Red.ROOT) == null ? null : edge(USER, own, "virtual_node");
    }
    if (of.isOverflow()) {
      return of.labels;
    }
    if (of.of(Calls.CLIENT)) {
      return edge(own, of.text(Names.SERVER_ADDRESS, "unknown"), "virtual_node");
    }
    if (of.of(Calls.DATABASE)) {
      String system = of.text(Names.DB_SYSTEM_NAME, "unknown");
      String host = of.text(Names.SERVER_ADDRESS, system);
      return edge(own, of.text(Names.DB_NAMESPACE, host), "database");
    }
    String system = of.text(Names.MESSAGING_SYSTEM, "unknown");
    String destination = of.text(Names.MESSAGING_DESTINATION_NAME, system);
    if (of.of(Calls.PROCESS)) {
      return edge(destination, own, "messaging_system");
    }
    // A poll that got messages is no call beside the work on them.
    return "send".equals(of.text(Names.MESSAGING_OPERATION_TYPE))
        ? edge(own, destination, "messaging_system")
        : null;
  }

  private static Labels edge(String client, String server, String type) {
    return Labels.of("client", client, "server", server, "connection_type", type);
  }
}
