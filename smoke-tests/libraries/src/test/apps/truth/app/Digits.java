package app;

/**
 * Runs work below frames that spell the number of its request: what a profiler says of a sample's
 * span can be compared with what stands in the sample's own stack.
 */
public final class Digits {
  /** Hexadecimal digits of a number. */
  private static final int COUNT = 4;

  private Digits() {}

  /** Work that knows nothing of its number. */
  public interface Work {
    /** Does it. */
    void run();
  }

  /** Runs the work below the digits of that number, the first one outermost. */
  public static void spell(int number, Work work) {
    next(number, COUNT, work);
  }

  private static void next(int number, int left, Work work) {
    if (left == 0) {
      work.run();
      return;
    }
    int rest = left - 1;
    switch (number >> 4 * rest & 15) {
      case 0:
        d0(number, rest, work);
        break;
      case 1:
        d1(number, rest, work);
        break;
      case 2:
        d2(number, rest, work);
        break;
      case 3:
        d3(number, rest, work);
        break;
      case 4:
        d4(number, rest, work);
        break;
      case 5:
        d5(number, rest, work);
        break;
      case 6:
        d6(number, rest, work);
        break;
      case 7:
        d7(number, rest, work);
        break;
      case 8:
        d8(number, rest, work);
        break;
      case 9:
        d9(number, rest, work);
        break;
      case 10:
        da(number, rest, work);
        break;
      case 11:
        db(number, rest, work);
        break;
      case 12:
        dc(number, rest, work);
        break;
      case 13:
        dd(number, rest, work);
        break;
      case 14:
        de(number, rest, work);
        break;
      default:
        df(number, rest, work);
    }
  }

  private static void d0(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d1(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d2(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d3(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d4(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d5(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d6(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d7(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d8(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void d9(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void da(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void db(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void dc(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void dd(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void de(int number, int left, Work work) {
    next(number, left, work);
  }

  private static void df(int number, int left, Work work) {
    next(number, left, work);
  }
}
