package io.sonde.core;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever comes in, a request has one good context and what goes out is printable. */
class HostileHeadersTest {
  private static final String[][] GOOD = {
    {"traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"},
    {"tracestate", "rojo=00f067aa0ba902b7,ot=th:8;rv:00112233445566,congo=t61rcWkgMzE"},
    {"baggage", "key1=value1;property1,key2=value%202"},
    {"b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1-05e3ac9a4f6e3b90"},
    {"X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"},
    {"X-B3-SpanId", "e457b5a2e4d86bd1"},
    {"uber-trace-id", "4bf92f3577b34da6a3ce929d0e0e4736:f067aa0ba902b7:0:1"},
    {"uberctx-user", "alice"},
    {"jaeger-baggage", "k1=v1, k2 = v2"},
    {"ot-tracer-traceid", "a3ce929d0e0e4736"},
    {"ot-tracer-spanid", "00f067aa0ba902b7"},
    {
      "X-Amzn-Trace-Id",
      "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
    },
  };
  private static final String ODD = "\0\r\n\t ,;:=-%\"\\{}\u00e4\uffff\ud83d01fg";

  @Test
  void mutatedHeaders_neverFail_neverSpread() {
    Random random = new Random(42);
    for (int round = 0; round < 20_000; round++) {
      Wire wire =
          Wire.of("tracecontext", "baggage", "b3", "b3multi", "jaeger", "ottrace", "xray")
              .sampler(round % 2 == 0 ? Sampler.on(true) : Sampler.ratio(0.5, round % 3 == 0));
      for (String[] header : GOOD) {
        if (random.nextInt(3) == 0) {
          wire.header(header[0], mutated(header[1], random));
        }
      }
      Map<String, String> out = wire.out();
      String parent = out.get("traceparent");
      assertTrue(parent.matches("00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-0[0-3]"), parent);
      for (Map.Entry<String, String> header : out.entrySet()) {
        String line = header.getKey() + ": " + header.getValue();
        assertTrue(line.chars().allMatch(c -> c >= ' ' && c <= '~' || c == '\t'), line);
      }
    }
  }

  /** A header of a megabyte costs a few times its own size and no long time, whatever is in it. */
  @Test
  void longHeaders_areReadInTimeAndSpaceOfTheirLength() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    String[] parts = {
      ",", ";", "=", "a=b,", "k=v;p=q,", "%41", "%", " ", "\t,", "ot=th:8,", "0", "-"
    };
    for (String[] header : GOOD) {
      for (String part : parts) {
        String value = header[1] + ',' + repeated(part, 1 << 20);
        Wire wire =
            Wire.of("tracecontext", "baggage", "b3", "b3multi", "jaeger", "ottrace", "xray")
                .header(header[0], value);
        long before = threads.getThreadAllocatedBytes(thread);
        long began = System.nanoTime();
        Map<String, String> out = wire.out();
        long millis = (System.nanoTime() - began) / 1_000_000;
        long bytes = threads.getThreadAllocatedBytes(thread) - before;
        String what =
            header[0] + " and many '" + part + "': " + bytes + " bytes, " + millis + " ms";
        assertTrue(bytes < 64L << 20, what);
        assertTrue(millis < 5000, what);
        out.forEach((name, sent) -> assertTrue(sent.length() <= 1 << 14, what + ", sent " + name));
      }
    }
  }

  private static String repeated(String part, int length) {
    StringBuilder text = new StringBuilder(length + part.length());
    while (text.length() < length) {
      text.append(part);
    }
    return text.toString();
  }

  private static String mutated(String text, Random random) {
    StringBuilder mutated = new StringBuilder(text);
    for (int i = random.nextInt(4); i > 0 && mutated.length() > 0; i--) {
      int at = random.nextInt(mutated.length());
      char odd = ODD.charAt(random.nextInt(ODD.length()));
      switch (random.nextInt(4)) {
        case 0:
          mutated.setCharAt(at, odd);
          break;
        case 1:
          mutated.insert(at, odd);
          break;
        case 2:
          mutated.deleteCharAt(at);
          break;
        default:
          mutated.append(mutated.substring(at));
      }
    }
    return mutated.toString();
  }
}
