package io.sonde.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the agent under test is: the system property {@code sonde.agent.jar}, else what the build
 * left at {@code agent/dist/target/sonde-agent.jar} of this checkout.
 */
public final class AgentJar {
  private static final String IN_CHECKOUT = "agent/dist/target/sonde-agent.jar";

  private AgentJar() {}

  /** The jar; fails with what to do if there is none. */
  public static Path path() {
    String property = System.getProperty("sonde.agent.jar", "");
    Path jar = property.isEmpty() ? inCheckout() : Path.of(property).toAbsolutePath();
    if (jar == null || !Files.isRegularFile(jar)) {
      throw new IllegalStateException(
          "no agent at "
              + (jar == null ? IN_CHECKOUT : jar)
              + ": build it with mvn -B -pl agent/dist -am package -DskipTests");
    }
    return jar;
  }

  private static @Nullable Path inCheckout() {
    Path root = checkout();
    return root == null ? null : root.resolve(IN_CHECKOUT);
  }

  /** The root folder of this checkout, or null outside of one. */
  static @Nullable Path checkout() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("agent/dist"))) {
        return at;
      }
    }
    return null;
  }
}
