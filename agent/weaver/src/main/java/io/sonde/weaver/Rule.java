package io.sonde.weaver;

import org.jspecify.annotations.Nullable;

/**
 * One line of the index: which methods of which classes call which methods of which instrumentation
 * class.
 */
final class Rule {
  /** Position in the index; what {@link io.sonde.core.Fence} is told. */
  final int id;

  /** Internal name of the instrumentation class. */
  final String advice;

  /** Target class names with slashes, or roles that begin with @. */
  final String[] types;

  /** Target methods as name and parameter descriptor, {@code run()}. */
  final String[] methods;

  final boolean state;

  /** Whether the report says nothing where the methods are missing. */
  final boolean optional;

  final @Nullable Hook enter;
  final @Nullable Hook exit;
  final @Nullable CallSite call;

  /** The rule as it is where the library has jakarta packages; null where that is the same. */
  private final @Nullable Rule jakarta;

  /** Whether this is the rule as it is with jakarta packages. */
  final boolean renamed;

  /** Set when the rule's code failed too often; a class woven from then on does not get it. */
  volatile boolean off;

  Rule(int id, String line) {
    this(id, line, false);
  }

  private Rule(int id, String line, boolean renamed) {
    this.renamed = renamed;
    String[] fields = line.split("\t");
    this.id = id;
    advice = fields[0];
    types = fields[1].split(" ");
    methods = fields[2].split(" ");
    state = fields[3].indexOf('S') >= 0;
    optional = fields[3].indexOf('O') >= 0;
    enter = Hook.parse(fields[4]);
    exit = Hook.parse(fields[5]);
    call = CallSite.parse(fields[6]);
    String twin = Jakarta.rename(line);
    jakarta = twin.equals(line) ? null : new Rule(id, twin, true);
  }

  /** This rule for a library with jakarta packages. */
  Rule jakarta() {
    return jakarta == null ? this : jakarta;
  }

  /** The library's name: the package below {@code io.sonde.instrumentation}, or below its jdk. */
  String library() {
    String prefix = "io/sonde/instrumentation/";
    if (!advice.startsWith(prefix)) {
      return "?";
    }
    boolean jdk = advice.startsWith("jdk/", prefix.length());
    int from = prefix.length() + (jdk ? "jdk/".length() : 0);
    int end = advice.indexOf('/', from);
    return end < 0 ? advice.substring(from) : advice.substring(from, end);
  }

  boolean matches(String name, String descriptor) {
    for (String method : methods) {
      int open = method.indexOf('(');
      if (name.length() == open
          && method.startsWith(name)
          && parametersAre(method, open, descriptor)) {
        return true;
      }
    }
    return false;
  }

  private static boolean parametersAre(String method, int open, String descriptor) {
    int length = method.length() - open;
    return descriptor.length() > length
        && descriptor.charAt(length - 1) == ')'
        && method.regionMatches(open, descriptor, 0, length);
  }

  /** A static method of the instrumentation class and where its arguments come from. */
  static final class Hook {
    final String name;
    final String descriptor;

    /**
     * For each parameter: t this, e what enter returned, r returned, x thrown, or the index of an
     * argument.
     */
    final String[] sources;

    /** Enter: what it returns replaces this argument; -1 for none. */
    final int replacesArgument;

    /** Exit: what it returns replaces what the method returns. */
    final boolean replacesReturn;

    /** Enter: the method's body is skipped where it returns something. */
    final boolean skips;

    /** Exit: also called when the method throws. */
    final boolean onThrow;

    private Hook(String text) {
      String[] parts = text.split("\\|", -1);
      int open = parts[0].indexOf('(');
      name = parts[0].substring(0, open);
      descriptor = parts[0].substring(open);
      sources = parts[1].isEmpty() ? new String[0] : parts[1].split(" ");
      String flags = parts[2];
      replacesReturn = flags.indexOf('R') >= 0;
      skips = flags.indexOf('K') >= 0;
      onThrow = flags.indexOf('T') >= 0;
      int argument = flags.indexOf('A');
      replacesArgument = argument < 0 ? -1 : flags.charAt(argument + 1) - '0';
    }

    static @Nullable Hook parse(String text) {
      return text.equals("-") ? null : new Hook(text);
    }
  }

  /**
   * A call inside the method that a static method of the instrumentation class takes the place of.
   */
  static final class CallSite {
    final String owner;
    final String method;
    final String descriptor;

    private CallSite(String text) {
      String[] parts = text.split("\\|");
      owner = parts[0];
      method = parts[1];
      descriptor = parts[2];
    }

    static @Nullable CallSite parse(String text) {
      return text.equals("-") ? null : new CallSite(text);
    }

    boolean matches(String owner, String name, String descriptor) {
      return this.owner.equals(owner)
          && method.startsWith(name)
          && method.length() > name.length()
          && method.charAt(name.length()) == '('
          && parametersAre(method, name.length(), descriptor);
    }
  }
}
