package io.sonde.instrumentation.jdk.concurrent;

import io.sonde.core.Weave;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * Context through CompletableFuture: each callback runs in the context it was registered in, on
 * whichever thread and executor. A stage gets one of ours around the callback, which nobody else
 * sees; where there is no context it gets the callback itself, and so it does where that is called
 * here and now, since the future is done and no executor is asked.
 */
public final class Stages {
  private static final String FUTURE = "java.util.concurrent.CompletableFuture";
  private static final String ONE = "(java.util.concurrent.Executor,java.util.function.";
  private static final String TWO =
      "(java.util.concurrent.Executor,java.util.concurrent.CompletionStage,java.util.function.";

  private Stages() {}

  /** The JDK's client has many of these, and they change nothing of what is asked here. */
  private static final String OF_THE_CLIENT = "jdk.internal.net.http.common.MinimalFuture";

  /**
   * Whether the callback runs before this thread does anything else. Others may override what says
   * so: the JDK's minimal stages throw.
   */
  private static boolean now(CompletableFuture<?> future, @Nullable Executor executor) {
    Class<?> type = future.getClass();
    return executor == null
        && (type == CompletableFuture.class || type.getName().equals(OF_THE_CLIENT))
        && future.isDone();
  }

  /** thenApply, thenCompose, and from JDK 12 exceptionally. */
  @Weave(
      type = FUTURE,
      method = {
        "uniApplyStage" + ONE + "Function)",
        "uniComposeStage" + ONE + "Function)",
        "uniExceptionallyStage" + ONE + "Function)",
        "uniComposeExceptionallyStage" + ONE + "Function)"
      })
  public static final class Apply {
    private Apply() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Function<?, ?> enter(
        @Advice.This CompletableFuture<?> future,
        @Advice.Argument(0) @Nullable Executor executor,
        @Advice.Argument(1) Function<?, ?> callback) {
      return now(future, executor) ? null : Callbacks.function(callback);
    }
  }

  /** exceptionally up to JDK 11. */
  @Weave(
      type = FUTURE,
      method = "uniExceptionallyStage(java.util.function.Function)",
      optional = true)
  public static final class Exceptionally {
    private Exceptionally() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
    public static @Nullable Function<?, ?> enter(
        @Advice.This CompletableFuture<?> future, @Advice.Argument(0) Function<?, ?> callback) {
      return now(future, null) ? null : Callbacks.function(callback);
    }
  }

  /** thenAccept. */
  @Weave(type = FUTURE, method = "uniAcceptStage" + ONE + "Consumer)")
  public static final class Accept {
    private Accept() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Consumer<?> enter(
        @Advice.This CompletableFuture<?> future,
        @Advice.Argument(0) @Nullable Executor executor,
        @Advice.Argument(1) Consumer<?> callback) {
      return now(future, executor) ? null : Callbacks.consumer(callback);
    }
  }

  /** thenRun. */
  @Weave(type = FUTURE, method = "uniRunStage(java.util.concurrent.Executor,java.lang.Runnable)")
  public static final class Run {
    private Run() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Runnable enter(
        @Advice.This CompletableFuture<?> future,
        @Advice.Argument(0) @Nullable Executor executor,
        @Advice.Argument(1) Runnable callback) {
      return now(future, executor) ? null : Callbacks.runnable(callback);
    }
  }

  /** runAsync. */
  @Weave(type = FUTURE, method = "asyncRunStage(java.util.concurrent.Executor,java.lang.Runnable)")
  public static final class RunAsync {
    private RunAsync() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Runnable enter(@Advice.Argument(1) Runnable callback) {
      return Callbacks.runnable(callback);
    }
  }

  /** supplyAsync. */
  @Weave(type = FUTURE, method = "asyncSupplyStage" + ONE + "Supplier)")
  public static final class Supply {
    private Supply() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable Supplier<?> enter(@Advice.Argument(1) Supplier<?> callback) {
      return Callbacks.supplier(callback);
    }
  }

  /** whenComplete. */
  @Weave(type = FUTURE, method = "uniWhenCompleteStage" + ONE + "BiConsumer)")
  public static final class WhenComplete {
    private WhenComplete() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable BiConsumer<?, ?> enter(
        @Advice.This CompletableFuture<?> future,
        @Advice.Argument(0) @Nullable Executor executor,
        @Advice.Argument(1) BiConsumer<?, ?> callback) {
      return now(future, executor) ? null : Callbacks.biConsumer(callback);
    }
  }

  /** handle. */
  @Weave(type = FUTURE, method = "uniHandleStage" + ONE + "BiFunction)")
  public static final class Handle {
    private Handle() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
    public static @Nullable BiFunction<?, ?, ?> enter(
        @Advice.This CompletableFuture<?> future,
        @Advice.Argument(0) @Nullable Executor executor,
        @Advice.Argument(1) BiFunction<?, ?, ?> callback) {
      return now(future, executor) ? null : Callbacks.biFunction(callback);
    }
  }

  /** thenCombine. */
  @Weave(type = FUTURE, method = "biApplyStage" + TWO + "BiFunction)")
  public static final class Combine {
    private Combine() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable BiFunction<?, ?, ?> enter(
        @Advice.Argument(2) BiFunction<?, ?, ?> callback) {
      return Callbacks.biFunction(callback);
    }
  }

  /** thenAcceptBoth. */
  @Weave(type = FUTURE, method = "biAcceptStage" + TWO + "BiConsumer)")
  public static final class AcceptBoth {
    private AcceptBoth() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable BiConsumer<?, ?> enter(@Advice.Argument(2) BiConsumer<?, ?> callback) {
      return Callbacks.biConsumer(callback);
    }
  }

  /** runAfterBoth and runAfterEither. */
  @Weave(
      type = FUTURE,
      method = {
        "biRunStage(java.util.concurrent.Executor,java.util.concurrent.CompletionStage,java.lang.Runnable)",
        "orRunStage(java.util.concurrent.Executor,java.util.concurrent.CompletionStage,java.lang.Runnable)"
      })
  public static final class RunAfter {
    private RunAfter() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable Runnable enter(@Advice.Argument(2) Runnable callback) {
      return Callbacks.runnable(callback);
    }
  }

  /** applyToEither. */
  @Weave(type = FUTURE, method = "orApplyStage" + TWO + "Function)")
  public static final class ApplyToEither {
    private ApplyToEither() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable Function<?, ?> enter(@Advice.Argument(2) Function<?, ?> callback) {
      return Callbacks.function(callback);
    }
  }

  /** acceptEither. */
  @Weave(type = FUTURE, method = "orAcceptStage" + TWO + "Consumer)")
  public static final class AcceptEither {
    private AcceptEither() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
    public static @Nullable Consumer<?> enter(@Advice.Argument(2) Consumer<?> callback) {
      return Callbacks.consumer(callback);
    }
  }
}
