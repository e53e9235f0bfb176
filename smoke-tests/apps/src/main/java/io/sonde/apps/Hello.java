package io.sonde.apps;

import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Says hello from a thread pool and exits with a code of its own. */
public final class Hello {
  /** The exit code. */
  public static final int EXIT = 7;

  private Hello() {}

  /** Prints its arguments. */
  public static void main(String[] args) throws Exception {
    ExecutorService pool =
        Executors.newFixedThreadPool(
            2,
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            });
    Future<String> hello = pool.submit(() -> "hello " + Arrays.asList(args));
    System.out.println(hello.get());
    System.err.println("hello on stderr");
    System.exit(EXIT);
  }
}
