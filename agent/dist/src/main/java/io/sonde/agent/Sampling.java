package io.sonde.agent;

import io.sonde.core.Sampler;
import io.sonde.exporters.otlp.RemoteSampling;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import org.jspecify.annotations.Nullable;

/** The sampler that OTEL_TRACES_SAMPLER names, and what keeps it up to date. */
final class Sampling {
  final Sampler sampler;
  final @Nullable RemoteSampling remote;

  Sampling(Settings settings) {
    String name = String.valueOf(settings.word(Option.OTEL_TRACES_SAMPLER));
    boolean parent = name.startsWith("parentbased_");
    switch (parent ? name.substring("parentbased_".length()) : name) {
      case "always_on":
        sampler = Sampler.on(parent);
        break;
      case "always_off":
        sampler = Sampler.off(parent);
        break;
      case "traceidratio":
        sampler = Sampler.ratio(ratio(settings), parent);
        break;
      case "jaeger_remote":
        // OpenTelemetry's follows the parent by either name.
        remote = RemoteSampling.of(settings);
        sampler = remote.initial();
        return;
      default:
        settings.problem(
            Option.OTEL_TRACES_SAMPLER.name(),
            name,
            "always_on, always_off, traceidratio, jaeger_remote, each also with parentbased_ before it");
        sampler = Sampler.on(true);
    }
    remote = null;
  }

  private static double ratio(Settings settings) {
    String text = settings.text(Option.OTEL_TRACES_SAMPLER_ARG);
    if (text == null) {
      return 1;
    }
    try {
      double ratio = Double.parseDouble(text);
      if (ratio >= 0 && ratio <= 1) {
        return ratio;
      }
    } catch (NumberFormatException e) {
      // Falls through to the line that says what was expected.
    }
    settings.problem(Option.OTEL_TRACES_SAMPLER_ARG.name(), text, "a ratio from 0 to 1");
    return 1;
  }
}
