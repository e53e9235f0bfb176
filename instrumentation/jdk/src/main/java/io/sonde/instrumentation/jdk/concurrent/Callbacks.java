package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Hop;
import io.sonde.core.Span;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Callbacks that run in the context they were made in; null where there is none. */
final class Callbacks {
  private Callbacks() {}

  static <T, R> @Nullable Function<T, R> function(@Nullable Function<T, R> callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfFunction<>(span, callback);
  }

  static <T, U, R> @Nullable BiFunction<T, U, R> biFunction(
      @Nullable BiFunction<T, U, R> callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfBiFunction<>(span, callback);
  }

  static <T> @Nullable Consumer<T> consumer(@Nullable Consumer<T> callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfConsumer<>(span, callback);
  }

  static <T, U> @Nullable BiConsumer<T, U> biConsumer(@Nullable BiConsumer<T, U> callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfBiConsumer<>(span, callback);
  }

  static <R> @Nullable Supplier<R> supplier(@Nullable Supplier<R> callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfSupplier<>(span, callback);
  }

  static @Nullable Runnable runnable(@Nullable Runnable callback) {
    Span span = Span.current();
    return span == null || callback == null ? null : new OfRunnable(span, callback);
  }

  private static final class OfFunction<T, R> implements Function<T, R> {
    private final Span span;
    private final Function<T, R> callback;

    OfFunction(Span span, Function<T, R> callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public R apply(T value) {
      Object before = Hop.into(span);
      try {
        return callback.apply(value);
      } finally {
        Hop.exit(before);
      }
    }
  }

  private static final class OfBiFunction<T, U, R> implements BiFunction<T, U, R> {
    private final Span span;
    private final BiFunction<T, U, R> callback;

    OfBiFunction(Span span, BiFunction<T, U, R> callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public R apply(T first, U second) {
      Object before = Hop.into(span);
      try {
        return callback.apply(first, second);
      } finally {
        Hop.exit(before);
      }
    }
  }

  private static final class OfConsumer<T> implements Consumer<T> {
    private final Span span;
    private final Consumer<T> callback;

    OfConsumer(Span span, Consumer<T> callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public void accept(T value) {
      Object before = Hop.into(span);
      try {
        callback.accept(value);
      } finally {
        Hop.exit(before);
      }
    }
  }

  private static final class OfBiConsumer<T, U> implements BiConsumer<T, U> {
    private final Span span;
    private final BiConsumer<T, U> callback;

    OfBiConsumer(Span span, BiConsumer<T, U> callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public void accept(T first, U second) {
      Object before = Hop.into(span);
      try {
        callback.accept(first, second);
      } finally {
        Hop.exit(before);
      }
    }
  }

  private static final class OfSupplier<R> implements Supplier<R> {
    private final Span span;
    private final Supplier<R> callback;

    OfSupplier(Span span, Supplier<R> callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public R get() {
      Object before = Hop.into(span);
      try {
        return callback.get();
      } finally {
        Hop.exit(before);
      }
    }
  }

  private static final class OfRunnable implements Runnable {
    private final Span span;
    private final Runnable callback;

    OfRunnable(Span span, Runnable callback) {
      this.span = span;
      this.callback = callback;
    }

    @Override
    public void run() {
      Object before = Hop.into(span);
      try {
        callback.run();
      } finally {
        Hop.exit(before);
      }
    }
  }
}
