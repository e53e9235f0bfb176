package io.sonde.testing;

import io.sonde.testing.ReceivedSpan.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The sink as a program: {@code OtlpSink [PORT] [waterfalls|count] [--each=N] [--skip=N]
 * [--kind=KIND]}.
 *
 * <p>The first line printed is {@code READY port}; port 0 takes a free one. Then each trace that
 * has settled is printed as a waterfall, or with {@code count} nothing is. {@code --each=N} prints
 * at most N traces of the same look in half a minute, so that a load shows its variety and not its
 * mass, {@code --skip=N} passes over the first N of a look, as long as all is cold, and {@code
 * --kind=server} prints only those that begin with a server span. {@code GET /count} answers the
 * numbers so far, {@code GET /summary} a table of the spans.
 */
final class SinkCommand {
  private static final long SETTLED_NANOS = 2_500_000_000L;
  private static final long FORGET_LOOKS_NANOS = 30_000_000_000L;
  private static final int MOST_LOOKS = 1_000;
  private static final int MOST_WAITING_SPANS = 50_000;

  private final Waterfall waterfall = Waterfall.forTerminal();
  private final SpanSummary summary = new SpanSummary();
  private final Map<String, Integer> shown = new HashMap<>();
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private long looksSince = System.nanoTime();
  private int port;
  private boolean count;
  private int each = Integer.MAX_VALUE;
  private int skip;
  private String kind = "";

  private static final class Pending {
    final List<ReceivedSpan> spans = new ArrayList<>();
    long lastArrival;
  }

  private SinkCommand(String[] args) {
    for (String arg : args) {
      if (arg.matches("\\d{1,5}")) {
        port = Integer.parseInt(arg);
      } else if (arg.equals("count") || arg.equals("waterfalls")) {
        count = arg.equals("count");
      } else if (arg.matches("--each=\\d{1,9}")) {
        each = Integer.parseInt(arg.substring(7));
      } else if (arg.matches("--skip=\\d{1,9}")) {
        skip = Integer.parseInt(arg.substring(7));
      } else if (arg.startsWith("--kind=")) {
        kind = Kind.valueOf(arg.substring(7).toUpperCase(Locale.ROOT)).name();
      } else {
        throw new IllegalArgumentException("what is " + arg + "?");
      }
    }
  }

  static void run(String[] args) throws InterruptedException {
    SinkCommand command;
    try {
      command = new SinkCommand(args);
    } catch (IllegalArgumentException e) {
      System.err.println(
          "usage: OtlpSink [PORT] [waterfalls|count] [--each=N] [--skip=N] [--kind=KIND]: "
              + e.getMessage());
      System.exit(2);
      return;
    }
    command.serve();
  }

  private void serve() throws InterruptedException {
    SpanStore store = new SpanStore(!count);
    try (OtlpSink sink = OtlpSink.http(port, store, Map.of("/summary", summary::text))) {
      System.out.println("READY " + sink.port());
      while (true) {
        Thread.sleep(count ? 60_000 : 250);
        take(store.drain());
        showSettled();
      }
    }
  }

  private void take(List<ReceivedSpan> arrived) {
    for (ReceivedSpan span : arrived) {
      summary.add(span);
      Pending trace = pending.computeIfAbsent(span.traceId(), id -> new Pending());
      trace.spans.add(span);
      trace.lastArrival = System.nanoTime();
    }
  }

  private void showSettled() {
    long now = System.nanoTime();
    if (now - looksSince > FORGET_LOOKS_NANOS) {
      looksSince = now;
      shown.replaceAll((looks, times) -> Math.min(times, skip));
    }
    int waiting = pending.values().stream().mapToInt(trace -> trace.spans.size()).sum();
    boolean crowded = waiting > MOST_WAITING_SPANS;
    pending
        .entrySet()
        .removeIf(
            entry -> {
              boolean settled = crowded || now - entry.getValue().lastArrival > SETTLED_NANOS;
              if (settled) {
                show(new Trace(entry.getKey(), entry.getValue().spans));
              }
              return settled;
            });
  }

  private void show(Trace trace) {
    ReceivedSpan top = trace.tops().isEmpty() ? trace.spans().get(0) : trace.tops().get(0);
    if (!kind.isEmpty() && !top.kind().name().equals(kind)) {
      return;
    }
    String status = String.valueOf(top.attribute("http.response.status_code"));
    String looks = top.service() + " " + top.name() + " " + status;
    if (shown.size() >= MOST_LOOKS) {
      return;
    }
    int nth = shown.merge(looks, 1, Integer::sum) - skip;
    if (nth > 0 && nth <= each) {
      System.out.println(waterfall.render(trace));
    }
  }
}
