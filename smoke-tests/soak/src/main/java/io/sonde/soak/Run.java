package io.sonde.soak;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/** One application through all weathers, through its end and through being killed. */
final class Run implements Callable<Run.Result> {
  private static final long SECOND = 1_000_000_000L;
  private static final long MEBI = 1 << 20;
  private static final long DISK_BOUND = 64 * MEBI;

  /** How long the end of a JVM may take: the last window is read and sent meanwhile. */
  private static final long LONGEST_END_MILLIS = 6000;

  private static final int MOST_UNDER_WAY = 512;

  /** A collection and what the load had under way: one large array of the application's. */
  private static final long SLACK = 6 * MEBI;

  private final Subject subject;
  private final Duration time;
  private final int window;
  private final List<String> wrong = new ArrayList<>();
  private final Arrivals arrivals = new Arrivals();

  Run(Subject subject, Duration time, int windowSeconds) {
    this.subject = subject;
    this.time = time;
    window = windowSeconds;
  }

  /** A row of the table, and what was not as it must be. */
  record Result(List<String> row, List<String> wrong) {
    static final List<String> HEAD =
        List.of(
            "Java, engine",
            "windows read",
            "windows at the server",
            "profiles sent / taken",
            "refused: counted / seen",
            "other losses, waiting",
            "spans sent / taken",
            "agent's objects",
            "live heap",
            "agent's threads",
            "most on disk",
            "end took",
            "left after end / kill");
  }

  @Override
  public Result call() throws Exception {
    Path folder = Files.createTempDirectory("sonde-soak");
    try (Receiver pyroscope = new Receiver(arrivals::profiles);
        Receiver collector = new Receiver(arrivals::signals);
        Disk disk = new Disk(folder)) {
      List<String> row = new ArrayList<>(List.of(subject.toString()));
      try (Application application = application(folder, pyroscope, collector)) {
        load(application, pyroscope, collector, row);
        String most = mebi(disk.most());
        check(disk.most() <= DISK_BOUND, most + " on disk");
        row.add(most);
        row.add(end(application, folder));
      }
      row.add(kill(folder, pyroscope, collector));
      return new Result(row, wrong);
    } finally {
      for (Path left : Disk.left(folder)) {
        Files.deleteIfExists(folder.resolve(left));
      }
      Files.deleteIfExists(folder);
    }
  }

  private Application application(Path folder, Receiver pyroscope, Receiver collector) {
    return new Application(subject, folder, pyroscope.address(), collector.address(), window);
  }

  private void load(
      Application application, Receiver pyroscope, Receiver collector, List<String> row)
      throws Exception {
    long end = System.nanoTime() + time.toNanos();
    await("a first window", () -> arrivals.counts().windows() > 1);
    Thread.sleep(Math.min(120_000, time.toMillis() / 6));
    Held early = application.held();
    Weather[] all = Weather.values();
    long step = Math.max(2000, Math.min(25_000, time.toMillis() / (3L * all.length)));
    for (int i = 1; System.nanoTime() - end < 0; i++) {
      pyroscope.weather(all[i % all.length]);
      collector.weather(all[(i + 5) % all.length]);
      Thread.sleep(step);
      pyroscope.weather(Weather.FAIR);
      Thread.sleep(step / 2);
      check(application.isAlive(), "it has ended");
    }
    collector.weather(Weather.FAIR);
    application.profiler("off");
    Why[] why = {application.why()};
    await("all to be sent", () -> (why[0] = application.why()).waiting() == 0);
    Arrivals.Counts counts = arrivals.counts();
    Why after = application.why();
    account(why[0], after, counts, row);
    Held late = application.held();
    compare(early, late, row);
    String complaints = application.complaints();
    check(complaints.isEmpty(), "it said " + complaints);
  }

  private void account(Why why, Why after, Arrivals.Counts counts, List<String> row) {
    long read = why.windows() - why.failedWindows();
    long others = why.lost() - why.refused();
    check(read == counts.windows(), read + " windows read, " + counts.windows() + " came");
    check(why.failedWindows() == 0, why.failedWindows() + " windows failed");
    check(
        why.exported() == counts.taken(),
        why.exported() + " profiles sent, " + counts.taken() + " taken");
    check(
        why.refused() == counts.refused(),
        why.refused() + " refused by its count, " + counts.refused() + " here");
    check(
        why.exported() + why.refused() == counts.profiles(),
        why.exported() + why.refused() + " profiles, " + counts.profiles() + " different ones");
    check(others == 0 && why.waiting() == 0, others + " lost, " + why.waiting() + " wait");
    check(
        why.spans() <= counts.spans() + counts.unsureSpans()
            && counts.spans() <= after.spans() + MOST_UNDER_WAY,
        why.spans() + " to " + after.spans() + " spans sent, " + counts.spans() + " taken");
    check(counts.problems().isEmpty(), counts.problems().toString());
    row.add(Long.toString(read));
    row.add(Long.toString(counts.windows()));
    row.add(why.exported() + " / " + counts.taken());
    row.add(why.refused() + " / " + counts.refused());
    row.add(others + ", " + why.waiting());
    row.add(why.spans() + " / " + counts.spans() + ", " + why.lostSpans() + " lost");
  }

  private void compare(Held early, Held late, List<String> row) {
    check(
        late.agentBytes() <= early.agentBytes() * 5 / 4 + MEBI,
        "objects of the agent: " + early.agentBytes() + ", then " + late.agentBytes() + " bytes");
    check(
        late.bytes() <= early.bytes() + SLACK,
        "live heap: " + early.bytes() + ", then " + late.bytes() + " bytes");
    check(
        sum(late) <= sum(early),
        "threads: " + early.agentThreads() + ", then " + late.agentThreads());
    check(
        late.threads() <= early.threads() + 2,
        early.threads() + " threads, then " + late.threads());
    row.add(kibi(early.agentBytes()) + " → " + kibi(late.agentBytes()));
    row.add(mebi(early.bytes()) + " → " + mebi(late.bytes()));
    row.add(sum(early) + " → " + sum(late));
  }

  private static int sum(Held held) {
    return held.agentThreads().values().stream().mapToInt(Integer::intValue).sum();
  }

  /** The profiler runs again when the end comes, and its last window must arrive. */
  private String end(Application application, Path folder) throws Exception {
    long windows = arrivals.counts().windows();
    application.profiler("on");
    await("windows again", () -> arrivals.counts().windows() > windows + 1);
    Thread.sleep(window * 700L);
    long asked = System.currentTimeMillis();
    long took = application.stop();
    check(took <= LONGEST_END_MILLIS, "its end took " + took + " ms: " + application.said());
    long missing = asked - arrivals.counts().lastEndMillis();
    check(missing <= 1000, "the last " + missing + " ms have no profile: " + application.said());
    List<Path> left = Disk.left(folder);
    check(left.isEmpty(), "left after its end: " + left);
    return String.format(Locale.ROOT, "%.1f s", took / 1e3);
  }

  private String kill(Path folder, Receiver pyroscope, Receiver collector) throws Exception {
    List<Path> after = Disk.left(folder);
    try (Application killed = application(folder, pyroscope, collector)) {
      long windows = arrivals.counts().windows();
      await("a window before the kill", () -> arrivals.counts().windows() > windows);
      check(killed.isAlive(), "it ended before it was killed");
    }
    int remains = Disk.left(folder).size();
    try (Application next = application(folder, pyroscope, collector)) {
      long windows = arrivals.counts().windows();
      await("a window after the kill", () -> arrivals.counts().windows() > windows);
      next.stop();
    }
    List<Path> left = Disk.left(folder);
    check(left.isEmpty(), "left after a kill and another start: " + left);
    return after.size() + " / " + remains + ", then " + left.size();
  }

  private void await(String what, BooleanSupplier there) throws InterruptedException {
    long end = System.nanoTime() + 150 * SECOND;
    while (!there.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(subject + ": waited in vain for " + what);
      }
      Thread.sleep(200);
    }
  }

  private void check(boolean right, String otherwise) {
    if (!right) {
      wrong.add(subject + ": " + otherwise);
    }
  }

  private static String mebi(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) MEBI);
  }

  private static String kibi(long bytes) {
    return bytes / 1024 + " KiB";
  }
}
