package io.sonde.instrumentation.prometheusclient;

import io.prometheus.client.exemplars.DefaultExemplarSampler;
import io.prometheus.client.exemplars.Exemplar;
import io.prometheus.client.exemplars.ExemplarSampler;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Exemplars on counters and histograms of Prometheus's Java client 0.11 to 0.16. Its sampler for
 * OpenTelemetry, which is there where that API is on the class path, is asked first.
 */
@Weave(type = "io.prometheus.client.exemplars.Tracer", method = "initExemplarSampler()")
public final class SimpleclientExemplars {
  private SimpleclientExemplars() {}

  /** The sampler was made that is used unless the application sets another one. */
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static ExemplarSampler exit(@Advice.Return @Nullable ExemplarSampler own) {
    ExemplarSampler ours = new DefaultExemplarSampler(new SimpleclientSpan());
    return own == null ? ours : new Either(own, ours);
  }

  /** The first one that has an exemplar. */
  private static final class Either implements ExemplarSampler {
    private final ExemplarSampler first;
    private final ExemplarSampler second;

    Either(ExemplarSampler first, ExemplarSampler second) {
      this.first = first;
      this.second = second;
    }

    @Override
    public @Nullable Exemplar sample(double increment, @Nullable Exemplar previous) {
      Exemplar exemplar = first.sample(increment, previous);
      return exemplar != null ? exemplar : second.sample(increment, previous);
    }

    @Override
    public @Nullable Exemplar sample(
        double value, double from, double to, @Nullable Exemplar previous) {
      Exemplar exemplar = first.sample(value, from, to, previous);
      return exemplar != null ? exemplar : second.sample(value, from, to, previous);
    }
  }
}
