package io.sonde.exporters.otlp;

import io.sonde.core.Sampler;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What Jaeger's sampling manager answers, as a sampler and in words. */
final class Strategy {
  private static final int MAX_OPERATIONS = 2000;

  final Sampler sampler;
  final String text;

  private Strategy(Sampler sampler, String text) {
    this.sampler = sampler;
    this.text = text;
  }

  /** The strategy of a jaeger.api_v2.SamplingStrategyResponse, or null where it holds none. */
  static @Nullable Strategy of(byte[] response) {
    Fields fields = new Fields(response);
    byte[] operations = fields.bytes(4);
    if (operations != null) {
      List<byte[]> each = new Fields(operations).all(3, MAX_OPERATIONS);
      if (!each.isEmpty()) {
        return perOperation(new Fields(operations), each);
      }
    }
    boolean limiting = fields.number(1) == 1;
    byte[] parameters = fields.bytes(limiting ? 3 : 2);
    if (parameters == null) {
      return null;
    }
    return limiting
        ? limited((int) new Fields(parameters).number(1))
        : ratio(new Fields(parameters).real(1));
  }

  private static @Nullable Strategy limited(int perSecond) {
    return perSecond < 0
        ? null
        : new Strategy(Sampler.limited(perSecond, true), perSecond + " traces a second");
  }

  private static @Nullable Strategy ratio(double ratio) {
    return ratio >= 0 && ratio <= 1
        ? new Strategy(Sampler.ratio(ratio, true), "a share of " + ratio)
        : null;
  }

  private static @Nullable Strategy perOperation(Fields fields, List<byte[]> each) {
    Map<String, Sampler> samplers = new HashMap<>();
    for (byte[] one : each) {
      Fields operation = new Fields(one);
      String name = operation.text(1);
      byte[] parameters = operation.bytes(2);
      Strategy own = parameters == null ? null : ratio(new Fields(parameters).real(1));
      if (name != null && own != null) {
        samplers.put(name, own.sampler);
      }
    }
    Strategy otherwise = ratio(fields.real(1));
    return otherwise == null
        ? null
        : new Strategy(
            otherwise.sampler.with(samplers),
            otherwise.text + ", " + samplers.size() + " operations with their own");
  }
}
