package io.sonde.apps;

import static io.sonde.apps.Contexts.check;
import static io.sonde.apps.Contexts.in;
import static io.sonde.apps.Contexts.out;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** CompletableFuture: each callback belongs to the request that registered it. */
final class Futures {
  private static final ExecutorService POOL = Executors.newFixedThreadPool(2);
  private static final Executor BARE = task -> new Thread(task).start();

  private static final CompletableFuture<String> FIRST = new CompletableFuture<>();
  private static final CompletableFuture<String> SECOND = new CompletableFuture<>();
  private static final CompletableFuture<String> FAILING = new CompletableFuture<>();
  private static final List<CompletableFuture<?>> DEPENDENTS = new ArrayList<>();

  private Futures() {}

  static void addTo(Contexts contexts) {
    contexts.add("async", Futures::async);
    contexts.add("registers", Futures::register);
    // Another request completes what the first one waits for.
    contexts.add("completes", Futures::complete);
    contexts.add("timers", Futures::timers);
  }

  static void after() throws Exception {
    POOL.submit(() -> out("after.futures")).get();
    CompletableFuture.runAsync(() -> out("after.async"), POOL)
        .thenRun(() -> out("after.then"))
        .get();
    FIRST.thenRun(() -> out("after.registered")).get();
  }

  private static void async() throws Exception {
    CompletableFuture.supplyAsync(() -> text("async.supply"))
        .thenApply(text -> text("async.apply"))
        .thenAcceptAsync(text -> in("async.accept"), POOL)
        .get();
    CompletableFuture.runAsync(() -> in("async.run"), POOL).get();
    CompletableFuture.runAsync(() -> in("async.bare"), BARE).get();
    CompletableFuture.runAsync(() -> in("async.here"), Runnable::run).get();
    try {
      add(CompletableFuture.completedFuture("").thenApply((Function<String, String>) null));
      check(false, "a callback must not be null");
    } catch (NullPointerException e) {
      check(true, "a callback must not be null");
    }
    minimal();
  }

  /** Those of JDK 9 say of nothing whether it is done; often enough to be noticed. */
  private static void minimal() throws Exception {
    Method done;
    try {
      done = CompletableFuture.class.getMethod("completedStage", Object.class);
    } catch (NoSuchMethodException e) {
      return;
    }
    for (int i = 0; i < 10; i++) {
      CompletionStage<?> stage = (CompletionStage<?>) done.invoke(null, "");
      stage.thenApply(any -> text("async.minimal")).toCompletableFuture().get();
      stage.whenCompleteAsync((any, e) -> in("async.minimal"), POOL).toCompletableFuture().get();
    }
  }

  private static String text(String label) {
    in(label);
    return label;
  }

  @SuppressWarnings(
      "FutureReturnValueIgnored") // one is the callback of a method called by its name
  private static void register() {
    for (Executor executor : new Executor[] {POOL, ForkJoinPool.commonPool(), BARE}) {
      add(FIRST.thenApplyAsync(text -> text("registers.apply"), executor));
      add(FIRST.thenAcceptAsync(text -> in("registers.accept"), executor));
      add(FIRST.thenRunAsync(() -> in("registers.run"), executor));
      add(FIRST.whenCompleteAsync((text, e) -> in("registers.whenComplete"), executor));
      add(FIRST.handleAsync((text, e) -> text("registers.handle"), executor));
      add(FIRST.thenComposeAsync(text -> composed(), executor));
      add(FIRST.thenCombineAsync(SECOND, (a, b) -> text("registers.combine"), executor));
      add(FIRST.thenAcceptBothAsync(SECOND, (a, b) -> in("registers.acceptBoth"), executor));
      add(FIRST.runAfterBothAsync(SECOND, () -> in("registers.runAfterBoth"), executor));
      add(FIRST.applyToEitherAsync(SECOND, text -> text("registers.applyToEither"), executor));
      add(FIRST.acceptEitherAsync(SECOND, text -> in("registers.acceptEither"), executor));
      add(FIRST.runAfterEitherAsync(SECOND, () -> in("registers.runAfterEither"), executor));
    }
    add(FIRST.thenApply(text -> text("registers.applySync")));
    add(FIRST.thenAccept(text -> in("registers.acceptSync")));
    add(FIRST.thenRun(() -> in("registers.runSync")));
    add(FIRST.whenComplete((text, e) -> in("registers.whenCompleteSync")));
    add(FIRST.handle((text, e) -> text("registers.handleSync")));
    add(FIRST.thenCompose(text -> composed()));
    add(FIRST.thenCombine(SECOND, (a, b) -> text("registers.combineSync")));
    add(FIRST.thenAcceptBoth(SECOND, (a, b) -> in("registers.acceptBothSync")));
    add(FIRST.runAfterBoth(SECOND, () -> in("registers.runAfterBothSync")));
    add(FIRST.applyToEither(SECOND, text -> text("registers.applyToEitherSync")));
    add(FIRST.acceptEither(SECOND, text -> in("registers.acceptEitherSync")));
    add(FIRST.runAfterEither(SECOND, () -> in("registers.runAfterEitherSync")));
    add(FAILING.exceptionally(e -> text("registers.exceptionally")));
    fromJdk12("exceptionallyAsync", e -> text("registers.exceptionallyAsync"));
    fromJdk12("exceptionallyCompose", e -> composed());
  }

  private static void fromJdk12(String name, Function<Throwable, ?> callback) {
    try {
      Method method = CompletableFuture.class.getMethod(name, Function.class);
      add((CompletableFuture<?>) method.invoke(FAILING, callback));
    } catch (ReflectiveOperationException e) {
      System.out.println("without " + name);
    }
  }

  private static CompletableFuture<String> composed() {
    in("registers.compose");
    return CompletableFuture.completedFuture("");
  }

  private static void add(CompletableFuture<?> dependent) {
    DEPENDENTS.add(dependent);
  }

  private static void complete() throws Exception {
    FIRST.complete("first");
    SECOND.complete("second");
    FAILING.completeExceptionally(new IllegalStateException("of the application"));
    for (CompletableFuture<?> dependent : DEPENDENTS) {
      dependent.get(10, TimeUnit.SECONDS);
    }
    in("completes.itself");
  }

  /** delayedExecutor and orTimeout, from JDK 9. */
  private static void timers() throws Exception {
    Executor later;
    try {
      later =
          (Executor)
              CompletableFuture.class
                  .getMethod("delayedExecutor", long.class, TimeUnit.class, Executor.class)
                  .invoke(null, 5, TimeUnit.MILLISECONDS, POOL);
    } catch (NoSuchMethodException e) {
      System.out.println("without delayedExecutor");
      return;
    }
    CompletableFuture.runAsync(() -> in("timers.delayed"), later).get();
    CompletableFuture<String> slow = new CompletableFuture<>();
    CompletableFuture<?> late = slow.handle((text, e) -> text("timers.timedOut"));
    CompletableFuture.class
        .getMethod("orTimeout", long.class, TimeUnit.class)
        .invoke(slow, 5, TimeUnit.MILLISECONDS);
    late.get(10, TimeUnit.SECONDS);
  }
}
