package io.sonde.libraries.truth;

import io.sonde.testing.ReceivedProfile;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A sample and what it says of its span.
 *
 * @param kind what it is a sample of
 * @param stack names of its methods, the innermost first
 * @param span the id of the span that it is said to belong to, empty for none
 */
record TruthSample(Kind kind, List<String> stack, String span) {
  private static final Set<String> MARKS = Set.of("own", "locked", "query", "around");
  private static final Pattern DIGIT = Pattern.compile("app\\.Digits\\.d([0-9a-f])");
  private static final int DIGITS = 4;

  /** What is sampled. */
  enum Kind {
    CPU,
    LOCK,
    ALLOCATION,
    OTHER
  }

  /** What its stack says: whose work it is, and which. */
  record Told(int number, String mark) {}

  static Kind kind(ReceivedProfile profile) {
    String type = profile.types().get(0);
    if (type.startsWith("process_cpu:")) {
      return Kind.CPU;
    }
    if (type.startsWith("memory:")) {
      return Kind.ALLOCATION;
    }
    return type.startsWith("mutex:") || type.startsWith("block:") ? Kind.LOCK : Kind.OTHER;
  }

  static List<TruthSample> of(ReceivedProfile profile) {
    Kind kind = kind(profile);
    return profile.samples().stream()
        .map(
            sample ->
                new TruthSample(
                    kind,
                    sample.stack().stream().map(frame -> frame.name().replace('/', '.')).toList(),
                    sample.label("span_id")))
        .toList();
  }

  /** Null where it is not known: outside of all marks, or cut off. */
  @Nullable Told told() {
    int at = 0;
    while (at < stack.size() && !isMark(stack.get(at))) {
      at++;
    }
    if (at == stack.size()) {
      return null;
    }
    String mark = stack.get(at).substring("app.Marks.".length());
    int number = 0;
    int digits = 0;
    for (at++; at < stack.size() && digits < DIGITS && !isMark(stack.get(at)); at++) {
      var digit = DIGIT.matcher(stack.get(at));
      if (digit.matches()) {
        number |= Character.digit(digit.group(1).charAt(0), 16) << 4 * digits++;
      }
    }
    return digits == DIGITS ? new Told(number, mark) : null;
  }

  private static boolean isMark(String frame) {
    return frame.startsWith("app.Marks.") && MARKS.contains(frame.substring("app.Marks.".length()));
  }
}
