package io.sonde.profiler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * What a program counted of itself every now and then: a line each, of the milliseconds since 1970
 * when it began to, the counters, and the milliseconds when it had. A busy machine makes these
 * times far apart, so that of any other time there are but two bounds.
 */
final class Counts {
  private final List<double[]> lines;

  private Counts(List<double[]> lines) {
    this.lines = lines;
  }

  static Counts of(Path file) throws IOException {
    return new Counts(
        Files.readAllLines(file).stream()
            .map(line -> Arrays.stream(line.split(" ")).mapToDouble(Double::parseDouble).toArray())
            .toList());
  }

  /** How much a counter grew between two times: at least, and at most. */
  record Growth(double least, double most) {
    /** Whether a sum is as much, up to such a share of it and a bit. */
    boolean is(double sum, double share, double more) {
      return sum >= least * (1 - share) - more && sum <= most * (1 + share) + more;
    }

    Growth plus(Growth other) {
      return new Growth(least + other.least, most + other.most);
    }

    /** For messages. */
    String beside(double sum) {
      return String.format("%.3f", 2 * sum / (least + most));
    }
  }

  /** Of the counter of that number, the first of which is 1. */
  Growth growth(int counter, double from, double to) {
    double least = before(counter, to) - after(counter, from);
    return new Growth(Math.max(0, least), after(counter, to) - before(counter, from));
  }

  /**
   * What a part of that time, from its beginning on and not shorter than that, says of all of it:
   * where the machine is busy the parts differ.
   */
  Growth byPart(int counter, double from, double to, double shortest) {
    Growth all = growth(counter, from, to);
    double least = all.least;
    double most = all.most;
    for (double[] line : lines) {
      if (line[0] >= from + shortest && line[0] <= to) {
        Growth part = growth(counter, from, line[0]);
        double times = (to - from) / (line[0] - from);
        least = Math.min(least, part.least * times);
        most = Math.max(most, part.most * times);
      }
    }
    return new Growth(least, most);
  }

  /** Of the last line before, or zero: all of them count from there. */
  private double before(int counter, double time) {
    double last = 0;
    for (double[] line : lines) {
      last = line[line.length - 1] <= time ? line[counter] : last;
    }
    return last;
  }

  private double after(int counter, double time) {
    return lines.stream()
        .filter(line -> line[0] >= time)
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing was counted at " + time))[counter];
  }
}
