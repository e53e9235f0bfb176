package io.sonde.testing;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The sink as a program: prints each finished trace as a waterfall, or only counts.
 *
 * <p>{@code PORT} 0 takes a free one; the first line printed is {@code READY port}. {@code
 * --each=N} prints at most N traces of each root, so that a load shows its variety and not its
 * mass. {@code GET /count} answers the numbers so far.
 */
final class SinkCommand {
  private static final long SETTLED_NANOS = 1_500_000_000L;
  private static final int MOST_WAITING_SPANS = 50_000;

  private final Waterfall waterfall = Waterfall.forTerminal();
  private final Map<String, Integer> shown = new HashMap<>();
  private final Map<String, Pending> pending = new LinkedHashMap<>();
  private final int each;

  private SinkCommand(int each) {
    this.each = each;
  }

  private static final class Pending {
    final List<ReceivedSpan> spans = new ArrayList<>();
    long lastArrival;
  }

  static void run(String[] args) throws InterruptedException {
    int port = 0;
    boolean count = false;
    int each = Integer.MAX_VALUE;
    for (String arg : args) {
      if (arg.matches("\\d{1,5}")) {
        port = Integer.parseInt(arg);
      } else if (arg.equals("count") || arg.equals("waterfalls")) {
        count = arg.equals("count");
      } else if (arg.matches("--each=\\d{1,9}")) {
        each = Integer.parseInt(arg.substring(7));
      } else {
        System.err.println("usage: OtlpSink [PORT] [waterfalls|count] [--each=N]; not " + arg);
        System.exit(2);
      }
    }
    SpanStore store = new SpanStore(!count);
    try (OtlpSink sink = OtlpSink.http(port, store)) {
      System.out.println("READY " + sink.port());
      SinkCommand command = new SinkCommand(each);
      while (true) {
        Thread.sleep(count ? 60_000 : 250);
        command.print(store.drain());
      }
    }
  }

  private void print(List<ReceivedSpan> arrived) {
    long now = System.nanoTime();
    for (ReceivedSpan span : arrived) {
      Pending trace = pending.computeIfAbsent(span.traceId(), id -> new Pending());
      trace.spans.add(span);
      trace.lastArrival = now;
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
    String status = String.valueOf(top.attribute("http.response.status_code"));
    String looks = top.service() + " " + top.name() + " " + status;
    if (shown.size() < 1_000 && shown.merge(looks, 1, Integer::sum) <= each) {
      System.out.println(waterfall.render(trace));
    }
  }
}
