package io.sonde.apps;

import static io.sonde.apps.Contexts.await;
import static io.sonde.apps.Contexts.check;
import static io.sonde.apps.Contexts.in;
import static io.sonde.apps.Contexts.out;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

/** Threads, virtual ones and timers; what is newer than Java 8 is called by its name. */
final class Threads {
  private static Timer timer;

  private Threads() {}

  static void addTo(Contexts contexts) {
    contexts.add("thread", Threads::thread);
    contexts.add("timer", Threads::timer);
    contexts.add("virtual", Threads::virtual);
    contexts.add("structured", Threads::structured);
  }

  static void after() throws Exception {
    run(new Thread(() -> out("after.thread")));
    CountDownLatch ran = new CountDownLatch(1);
    timer.schedule(
        task(
            () -> {
              out("after.timer");
              ran.countDown();
            }),
        1);
    await(ran);
    timer.cancel();
  }

  private static void run(Thread thread) throws InterruptedException {
    thread.start();
    thread.join();
  }

  private static void thread() throws Exception {
    run(new Thread(() -> in("thread.start")));
    ThreadGroup group = new ThreadGroup("of the application");
    run(new Thread(group, () -> in("thread.group")));
    run(
        new Thread() {
          @Override
          public void run() {
            in("thread.subclass");
          }
        });
  }

  private static void timer() throws Exception {
    // Its thread is made here, and outlives the request.
    timer = new Timer(true);
    CountDownLatch ran = new CountDownLatch(3);
    timer.schedule(
        task(
            () -> {
              in("timer.once");
              ran.countDown();
            }),
        1);
    timer.schedule(
        new TimerTask() {
          @Override
          public void run() {
            out("timer.periodic");
            ran.countDown();
            if (ran.getCount() == 0) {
              cancel();
            }
          }
        },
        1,
        1);
    await(ran);
    TimerTask never = task(() -> in("timer.never"));
    timer.schedule(never, 3_600_000);
    check(never.cancel(), "a task of a timer can be cancelled");
  }

  private static TimerTask task(Runnable run) {
    return new TimerTask() {
      @Override
      public void run() {
        run.run();
      }
    };
  }

  private static void virtual() throws Exception {
    Method start;
    try {
      start = Thread.class.getMethod("startVirtualThread", Runnable.class);
    } catch (NoSuchMethodException e) {
      System.out.println("without virtual threads");
      return;
    }
    Runnable sleeping =
        () -> {
          in("virtual.start");
          sleep();
          in("virtual.again");
        };
    ((Thread) start.invoke(null, sleeping)).join();
    try (AutoCloseable executor = executor("newVirtualThreadPerTaskExecutor")) {
      ((ExecutorService) executor).submit(() -> in("virtual.perTask")).get();
    }
    ThreadFactory threads = Thread::new;
    ExecutorService perThread =
        (ExecutorService)
            Executors.class
                .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                .invoke(null, threads);
    perThread.submit(() -> in("virtual.platform")).get();
    perThread.shutdown();
  }

  private static AutoCloseable executor(String name) throws Exception {
    return (AutoCloseable) Executors.class.getMethod(name).invoke(null);
  }

  private static void sleep() {
    try {
      Thread.sleep(5);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Opened by a constructor in JDK 21 and by a method from 25 on. */
  private static void structured() throws Exception {
    String name = "java.util.concurrent.StructuredTaskScope";
    try (AutoCloseable scope = open(name)) {
      Class<?> type = Class.forName(name);
      Callable<String> task =
          () -> {
            in("structured.fork");
            return "";
          };
      type.getMethod("fork", Callable.class).invoke(scope, task);
      type.getMethod("fork", Callable.class).invoke(scope, task);
      type.getMethod("join").invoke(scope);
      in("structured.joined");
    } catch (ClassNotFoundException e) {
      System.out.println("without structured concurrency");
    }
  }

  private static AutoCloseable open(String name) throws ReflectiveOperationException {
    try {
      return (AutoCloseable) Class.forName(name).getMethod("open").invoke(null);
    } catch (NoSuchMethodException e) {
      return Class.forName(name).asSubclass(AutoCloseable.class).getConstructor().newInstance();
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    }
  }
}
