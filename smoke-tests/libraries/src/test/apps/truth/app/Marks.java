package app;

/** What a request does, one method each: the innermost one in a stack says whose span it is. */
public final class Marks {
  private static final Object LOCK = new Object();

  @SuppressWarnings("unused") // what is stored is allocated
  private static volatile Object sink;

  private static int spins;

  private Marks() {}

  /** Work of the request itself, on whatever thread. */
  public static void own() {
    burn(500);
    allocate(20);
  }

  /** The same, while others wait for the monitor. */
  public static void locked() {
    synchronized (LOCK) {
      burn(400);
    }
    allocate(10);
  }

  /** Work of a query to the database, whose span is below the request's. */
  public static void query() {
    burn(400);
    allocate(10);
  }

  /** A call that makes a span of its own: where that begins or ends, either may be right. */
  public static void around(Digits.Work call) {
    call.run();
  }

  /** So much work, however busy the machine is: some microseconds for each thousand. */
  private static void burn(int thousands) {
    for (int i = 0; i < thousands * 1000; i++) {
      spins = spins * 31 + i;
    }
  }

  private static void allocate(int count) {
    for (int i = 0; i < count; i++) {
      sink = new byte[8000];
    }
  }
}
