package io.sonde.exporters.pyroscope;

import static org.junit.jupiter.api.Assertions.fail;

import io.sonde.core.Delivery;
import io.sonde.core.Delivery.Outcome;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import io.sonde.settings.Settings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** An exporter under test, started with settings by their environment names. */
final class Export implements PyroscopeExporter.Surroundings, AutoCloseable {
  final List<String> said = new CopyOnWriteArrayList<>();
  final Delivery delivery = new Delivery();
  final PyroscopeExporter exporter;
  final Thread thread;

  /** To that address, with further settings in pairs of name and value. */
  Export(String address, String... environment) {
    this(PyroscopeExporter.CAPACITY, address, environment);
  }

  Export(int capacity, String address, String... environment) {
    Settings settings = settings(environment, address);
    Server server = Server.of(settings);
    if (server == null) {
      throw new IllegalArgumentException(settings.problems().toString());
    }
    exporter = new PyroscopeExporter(server, delivery, this, capacity, 50);
    thread = new Thread(exporter, "sonde-profiles");
    thread.setDaemon(true);
    thread.start();
  }

  static Settings settings(String[] environment, String address) {
    Map<String, String> values = new HashMap<>();
    values.put("PYROSCOPE_SERVER_ADDRESS", address);
    for (int i = 0; i < environment.length; i += 2) {
      values.put(environment[i], environment[i + 1]);
    }
    return new Settings(name -> null, values::get);
  }

  /** A window of now with one sample of each of these types. */
  void window(ProfileType... types) {
    window(System.currentTimeMillis() - 15_000, types);
  }

  void window(long startMillis, ProfileType... types) {
    List<Profile> profiles = new ArrayList<>();
    for (ProfileType type : types) {
      Profile profile = new Profile(type);
      int frame = profile.frame("com.acme.Foo", "bar", null, null, 7, FrameKind.JAVA);
      int stack = profile.stack(new int[] {frame}, 1, false);
      profile.add(stack, 0xABCDEFL, 1, 2, "GET /", 3, 4);
      profiles.add(profile);
    }
    exporter.window(startMillis * 1_000_000, (startMillis + 15_000) * 1_000_000, profiles);
  }

  long count(Outcome outcome) {
    return delivery.count(outcome);
  }

  /** Waits until so many had this outcome, and of a loss until it was said, too. */
  void await(Outcome outcome, long count) {
    await(() -> count(outcome) >= count, count + " " + outcome.text());
    if (outcome != Outcome.EXPORTED) {
      await(() -> !said.isEmpty(), "a line"); // a loss is counted a moment before
    }
    if (count(outcome) != count) {
      fail("expected " + count + " " + outcome.text() + " but there are " + count(outcome));
    }
  }

  void await(BooleanSupplier condition, String what) {
    long deadline = System.nanoTime() + 60_000_000_000L;
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        fail("expected " + what + "; lost: " + delivery.losses() + "; said: " + said);
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Override
  public Map<String, Object> resource() {
    return Map.of(
        "service.name", "shop",
        "service.namespace", "demo",
        "process.pid", 42L,
        "vcs.ref.head.revision", "abc123");
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public void warn(String line) {
    said.add(line);
  }

  @Override
  public void close() {
    exporter.stop();
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
