package io.sonde.overhead;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.HttpConnection;
import io.sonde.testing.Jdk;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** AOT caches (JDK 25 and newer) of the extracted shop, each trained as it will be run. */
final class AotCaches {
  private static final Duration LONG = Duration.ofMinutes(2);

  private final Jdk jdk;
  private final Path folder;
  private final List<String> jvmArgs;
  private final Subject subject;

  /** Extracts the shop into the folder: an AOT cache does not cover nested jars. */
  AotCaches(Jdk jdk, Path shopJar, Path folder, List<String> jvmArgs) {
    this.jdk = jdk;
    this.folder = folder;
    this.jvmArgs = jvmArgs;
    try (ForkedJvm extract =
        ForkedJvm.on(jdk)
            .property("jarmode", "tools")
            .jar(shopJar)
            .arg("extract", "--force", "--destination", folder.resolve("shop").toString())
            .start()) {
      if (extract.awaitExit(LONG) != 0) {
        throw extract.failure("the shop was not extracted");
      }
    }
    this.subject = Subject.shop(folder.resolve("shop").resolve(shopJar.getFileName()));
  }

  Subject subject() {
    return subject;
  }

  /** What needs no stock. */
  private static void read(int port) {
    try (HttpConnection http = new HttpConnection(port)) {
      for (int i = 0; i < 50; i++) {
        http.get("/products/" + (1 + i % 8));
        http.get("/products");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The variant with a cache of its own; without one, and saying so, if none was made. */
  Variant train(Variant variant) throws InterruptedException {
    Path cache = folder.resolve(variant.name().replaceAll("\\W", "") + ".aot");
    int port = Ports.free();
    JvmLaunch launch =
        subject
            .launcher()
            .on(jdk, port)
            .jvmArg(jvmArgs.toArray(String[]::new))
            .jvmArg("-XX:AOTCacheOutput=" + cache);
    try (Sinks sink = new Sinks();
        ForkedJvm jvm = variant.apply(launch, sink).start()) {
      Start.awaitAnswer(jvm, port, subject.firstPage());
      read(port);
      jvm.stop(LONG);
      if (!Files.isRegularFile(cache)) {
        System.err.println("AOT cache for " + variant.name() + ": none was made");
        Stream.concat(jvm.stdout().stream(), jvm.stderr().stream())
            .filter(line -> line.matches(".*(\\[(error|warning)]\\[(aot|cds)|AOT).*"))
            .limit(5)
            .forEach(line -> System.err.println("  " + line));
        return variant;
      }
    }
    List<String> args = new ArrayList<>(variant.jvmArgs());
    args.add("-XX:AOTCache=" + cache);
    return new Variant(variant.name(), args);
  }
}
