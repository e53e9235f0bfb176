package io.sonde.agent.metrics;

import io.sonde.core.Names;
import io.sonde.core.Red;
import io.sonde.core.metrics.ApplicationMeters;
import io.sonde.core.metrics.Instrument;
import io.sonde.core.metrics.Instrument.Kind;
import io.sonde.core.metrics.Labels;
import io.sonde.core.metrics.MetricReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP calls by the names and labels of Spring Boot 3 and 4, unless the application exports its own
 * by these names.
 */
final class MicrometerNames implements Naming {
  private static final String NONE = "none";
  private static final String UNKNOWN = "UNKNOWN";

  private static final Instrument SERVER = seconds(ApplicationMeters.SERVER, "answered");
  private static final Instrument CLIENT = seconds(ApplicationMeters.CLIENT, "sent");
  private static final Instrument SERVER_MAX = max(ApplicationMeters.SERVER, "answered");
  private static final Instrument CLIENT_MAX = max(ApplicationMeters.CLIENT, "sent");

  private static Instrument seconds(String name, String what) {
    return new Instrument(Kind.HISTOGRAM, name, "s", "Duration of HTTP requests " + what + '.');
  }

  /** Micrometer has the unit in the middle: http_server_requests_seconds_max. */
  private static Instrument max(String name, String what) {
    return new Instrument(
        Kind.GAUGE,
        name + ".seconds.max",
        "",
        "The longest HTTP request of the last minutes that was " + what + '.');
  }

  @Override
  public void show(List<Calls> calls, MetricReader reader) {
    Merged server = Merged.withOwnBounds();
    Merged client = Merged.withOwnBounds();
    for (Calls each : calls) {
      if (each.of(Calls.SERVER) && !ApplicationMeters.server()) {
        server.add(each.isOverflow() ? each.labels : server(each), each.histogram);
      } else if (each.of(Calls.CLIENT) && !ApplicationMeters.client()) {
        client.add(each.isOverflow() ? each.labels : client(each), each.histogram);
      }
    }
    server.histograms(SERVER, 1, reader);
    server.longest(SERVER_MAX, reader);
    client.histograms(CLIENT, 1, reader);
    client.longest(CLIENT_MAX, reader);
  }

  private static Labels server(Calls calls) {
    String exception = simple(calls.text(Red.EXCEPTION));
    String status = calls.text(Names.HTTP_RESPONSE_STATUS_CODE, UNKNOWN);
    return Labels.of(
        "error",
        exception,
        "exception",
        exception,
        "method",
        calls.text(Names.HTTP_REQUEST_METHOD),
        "outcome",
        outcome(status),
        "status",
        status,
        "uri",
        uri(calls.text(Names.HTTP_ROUTE), status));
  }

  private static Labels client(Calls calls) {
    String status = calls.text(Names.HTTP_RESPONSE_STATUS_CODE);
    String exception = status == null ? simple(calls.text(Names.ERROR_TYPE)) : NONE;
    String shown =
        status != null ? status : exception.endsWith("IOException") ? "IO_ERROR" : "CLIENT_ERROR";
    return Labels.of(
        "client.name",
        calls.text(Names.SERVER_ADDRESS, NONE),
        "error",
        exception,
        "exception",
        exception,
        "method",
        calls.text(Names.HTTP_REQUEST_METHOD),
        "outcome",
        outcome(status == null ? UNKNOWN : status),
        "status",
        shown,
        "uri",
        NONE);
  }

  private static String uri(@Nullable String route, String status) {
    if (route != null) {
      return route.isEmpty() ? "root" : route;
    }
    return status.startsWith("3") ? "REDIRECTION" : status.equals("404") ? "NOT_FOUND" : UNKNOWN;
  }

  private static String outcome(String status) {
    if (status.length() != 3) {
      return UNKNOWN;
    }
    switch (status.charAt(0)) {
      case '1':
        return "INFORMATIONAL";
      case '2':
        return "SUCCESS";
      case '3':
        return "REDIRECTION";
      case '4':
        return "CLIENT_ERROR";
      case '5':
        return "SERVER_ERROR";
      default:
        return UNKNOWN;
    }
  }

  /** The name of a class as it is written; the whole one where it has none. */
  private static String simple(@Nullable String type) {
    if (type == null) {
      return NONE;
    }
    String name = type.substring(Math.max(type.lastIndexOf('.'), type.lastIndexOf('$')) + 1);
    return name.isEmpty() || Character.isDigit(name.charAt(0)) ? type : name;
  }
}
