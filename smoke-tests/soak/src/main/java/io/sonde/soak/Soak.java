package io.sonde.soak;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs all applications side by side, and prints a row for each and whatever was wrong. */
public final class Soak {
  private static final String USAGE =
      """
      usage: smoke-tests/soak/run [--minutes=N] [--window=SECONDS] [--subjects=LIST]

        --minutes=N       how long the load lasts (30)
        --window=SECONDS  how long each profile's window is (5)
        --subjects=LIST   Java versions and engines (8:async,17:jfr,17:async,25:jfr)
      """;

  private Soak() {}

  public static void main(String[] args) throws InterruptedException {
    int minutes = 30;
    int window = 5;
    String subjects = "8:async,17:jfr,17:async,25:jfr";
    for (String arg : args) {
      String value = arg.substring(arg.indexOf('=') + 1);
      switch (arg.replaceFirst("=.*", "")) {
        case "--minutes" -> minutes = Integer.parseInt(value);
        case "--window" -> window = Integer.parseInt(value);
        case "--subjects" -> subjects = value;
        default -> {
          System.err.print(USAGE);
          System.exit(arg.equals("--help") ? 0 : 2);
        }
      }
    }
    List<String> wrong = run(Subject.of(subjects), Duration.ofMinutes(minutes), window);
    wrong.forEach(System.out::println);
    System.exit(wrong.isEmpty() ? 0 : 1);
  }

  /** Prints the table and returns what was wrong. */
  static List<String> run(List<Subject> subjects, Duration time, int window)
      throws InterruptedException {
    ExecutorService threads = Executors.newCachedThreadPool();
    List<Future<Run.Result>> running = new ArrayList<>();
    for (Subject subject : subjects) {
      running.add(threads.submit(new Run(subject, time, window)));
    }
    List<String> wrong = new ArrayList<>();
    row(Run.Result.HEAD);
    row(Run.Result.HEAD.stream().map(each -> "---").toList());
    for (Future<Run.Result> one : running) {
      try {
        row(one.get().row());
        wrong.addAll(one.get().wrong());
      } catch (ExecutionException e) {
        wrong.add(String.valueOf(e.getCause()));
      }
    }
    threads.shutdown();
    return wrong;
  }

  private static void row(List<String> cells) {
    System.out.println("| " + String.join(" | ", cells) + " |");
  }
}
