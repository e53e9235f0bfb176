package io.sonde.exporters.otlp;

import io.opentelemetry.sdk.common.export.GrpcResponse;
import io.opentelemetry.sdk.common.export.GrpcSender;
import io.opentelemetry.sdk.common.export.GrpcStatusCode;
import io.opentelemetry.sdk.common.export.MessageWriter;
import io.sonde.core.Complaints;
import io.sonde.core.Messages;
import io.sonde.core.Sampler;
import io.sonde.core.Tracing;
import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The jaeger_remote sampler: asks Jaeger, or a collector that speaks its protocol, on a thread of
 * ours which share of the traces to record, again and again.
 *
 * <p>Before the first answer the initial rate counts, and after a failure what was answered last.
 */
public final class RemoteSampling implements Runnable {
  private static final long SHORTEST_INTERVAL = 100;
  private static final String EXPECTED =
      "endpoint=http://localhost:14250,pollingIntervalMs=60000,initialSamplingRate=0.001";

  private URI endpoint = URI.create("http://localhost:14250");
  private long intervalMillis = 60_000;
  private double initialRate = 0.001;

  private @Nullable Surroundings surroundings;
  private byte @Nullable [] request;
  private byte[] last = {};
  private String strategy = "";
  private long answers;
  private long failures;
  private volatile boolean stopped;

  private RemoteSampling() {}

  /** What this needs of the agent; called on its thread. */
  public interface Surroundings extends Messages {
    /** The name of the service to ask for. */
    String service();

    /** Shows how the sampling goes. */
    void sampling(String state);
  }

  /** Reads OTEL_TRACES_SAMPLER_ARG, without its parts that cannot be used. */
  public static RemoteSampling of(Settings settings) {
    RemoteSampling sampling = new RemoteSampling();
    String text = settings.text(Option.OTEL_TRACES_SAMPLER_ARG);
    boolean good = true;
    for (String part : text == null ? new String[0] : text.split(",")) {
      int equals = part.indexOf('=');
      good &=
          equals > 0
              && sampling.set(part.substring(0, equals).trim(), part.substring(equals + 1).trim());
    }
    if (!good) {
      settings.problem(Option.OTEL_TRACES_SAMPLER_ARG.name(), String.valueOf(text), EXPECTED);
    }
    return sampling;
  }

  private boolean set(String key, String value) {
    try {
      switch (key) {
        case "endpoint":
          String scheme = value.toLowerCase(Locale.ROOT);
          boolean url = scheme.startsWith("http://") || scheme.startsWith("https://");
          URI uri = url ? new URI(value) : endpoint;
          boolean named = uri.getRawAuthority() != null;
          endpoint = named ? uri : endpoint;
          return url && named;
        case "pollingIntervalMs":
        case "pollingInterval":
          long millis = Long.parseLong(value);
          intervalMillis = millis > 0 ? Math.max(SHORTEST_INTERVAL, millis) : intervalMillis;
          return millis > 0;
        case "initialSamplingRate":
          double rate = Double.parseDouble(value);
          boolean share = rate >= 0 && rate <= 1;
          initialRate = share ? rate : initialRate;
          return share;
        default:
          return false;
      }
    } catch (java.net.URISyntaxException | NumberFormatException e) {
      return false;
    }
  }

  /** The sampler until the first answer. */
  public Sampler initial() {
    return Sampler.ratio(initialRate, true);
  }

  /** Asks from now on, once it runs. */
  public RemoteSampling in(Surroundings these) {
    surroundings = these;
    return this;
  }

  /** Ends the thread. */
  void stop() {
    stopped = true;
  }

  @Override
  public void run() {
    Surroundings agent = surroundings;
    GrpcSender sender = null;
    while (!stopped && agent != null) {
      try {
        if (sender == null) {
          sender = new GrpcPosting(new SamplingRequest(endpoint), Retries.none());
          request = SamplingRequest.message(agent.service());
        }
        ask(sender, agent);
      } catch (Throwable thrown) {
        failed(agent, thrown.toString());
      }
      long until = System.nanoTime() + intervalMillis * 1_000_000;
      while (!stopped && until - System.nanoTime() > 0) {
        Thread.interrupted();
        LockSupport.parkNanos(this, Math.min(until - System.nanoTime(), 1_000_000_000));
      }
    }
  }

  private void ask(GrpcSender sender, Surroundings agent) {
    byte[] message = request == null ? new byte[0] : request;
    MessageWriter writer =
        new MessageWriter() {
          @Override
          public void writeMessage(OutputStream out) throws java.io.IOException {
            out.write(message);
          }

          @Override
          public int getContentLength() {
            return message.length;
          }
        };
    sender.send(writer, response -> answered(agent, response), thrown -> failed(agent, thrown));
  }

  private void answered(Surroundings agent, GrpcResponse response) {
    if (response.getStatusCode() != GrpcStatusCode.OK) {
      String said = String.valueOf(response.getStatusDescription());
      failed(agent, "gRPC status " + response.getStatusCode() + ' ' + Complaints.line(said));
      return;
    }
    byte[] answer = response.getResponseMessage();
    answers++;
    // The same answer again keeps the sampler, whose rate limit has a memory.
    if (!Arrays.equals(answer, last)) {
      Strategy next = Strategy.of(answer);
      if (next == null) {
        failed(agent, "the answer holds no strategy");
        return;
      }
      Tracing.sampler(next.sampler);
      last = answer;
      strategy = next.text;
    }
    show(agent);
  }

  private void failed(Surroundings agent, Throwable thrown) {
    failed(
        agent,
        thrown instanceof ConnectException
            ? "nothing listens there"
            : Complaints.line(String.valueOf(thrown)));
  }

  private void failed(Surroundings agent, String reason) {
    failures++;
    agent.warn(
        "no sampling strategy from "
            + endpoint.getScheme()
            + "://"
            + endpoint.getRawAuthority().replaceAll("^.*@", "")
            + ": "
            + reason
            + "; what was answered last stays, at first initialSamplingRate="
            + initialRate);
    show(agent);
  }

  private void show(Surroundings agent) {
    String now = strategy.isEmpty() ? "a share of " + initialRate + ", the initial one" : strategy;
    agent.sampling(now + "; " + answers + " answers, " + failures + " failures");
  }
}
