package io.sonde.instrumentation.springboot;

import io.sonde.core.Tracing;
import io.sonde.core.Weave;
import java.util.function.Function;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.logging.java.JavaLoggingSystem;
import org.springframework.core.env.Environment;

/**
 * The correlation slot in the default log lines of Spring Boot 3.2 to 4.
 *
 * <p>Spring Boot shows it where {@code logging.expect-correlation-id} is true, which only its own
 * tracing sets, and takes its text from the MDC keys {@code traceId} and {@code spanId}, which the
 * events answer to.
 */
public final class CorrelationSlot {
  private CorrelationSlot() {}

  /** Shows the slot in Spring Boot 3.2 to 4 unless the application says that it wants none. */
  @Weave(
      type = "org.springframework.boot.logging.AbstractLoggingSystem",
      method = "getDefaultValueResolver(org.springframework.core.env.Environment)")
  public static final class Expected {
    private Expected() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToReturned
    public static @Nullable Function<String, @Nullable String> exit(
        @Advice.This Object system,
        @Advice.Argument(0) Environment environment,
        @Advice.Return @Nullable Function<String, @Nullable String> own) {
      return own == null || system instanceof JavaLoggingSystem || !Tracing.on()
          ? own
          : new ExpectedByDefault(own, environment);
    }
  }

  /** Spring Boot's defaults, with the slot that it has by default where tracing is there. */
  private static final class ExpectedByDefault implements Function<String, @Nullable String> {
    private final Function<String, @Nullable String> own;
    private final Environment environment;

    ExpectedByDefault(Function<String, @Nullable String> own, Environment environment) {
      this.own = own;
      this.environment = environment;
    }

    @Override
    public @Nullable String apply(String name) {
      String value = own.apply(name);
      if (value != null || !"logging.pattern.correlation".equals(name)) {
        return value;
      }
      Boolean expected =
          environment.getProperty("logging.expect-correlation-id", Boolean.class, Boolean.TRUE);
      return expected ? "%correlationId" : null;
    }
  }
}
