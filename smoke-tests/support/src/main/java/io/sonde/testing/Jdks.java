package io.sonde.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The JDKs of this machine, one for each feature version.
 *
 * <p>Looked for, and in case of two of a version preferred, in this order: the homes listed in
 * {@code SONDE_TEST_JDKS} (separated like a class path), {@code JAVA_HOME}, the running JVM, the
 * usual folders. The first use prints one line if a wanted version is not there.
 */
public final class Jdks {
  /** The versions that Sonde is tested on. */
  public static final List<Integer> WANTED = List.of(8, 11, 17, 21, 25, 26, 28);

  private static final Pattern RELEASE = Pattern.compile("(?m)^JAVA_VERSION=\"([^\"]+)\"");
  private static final Pattern PRINTED = Pattern.compile("version \"([^\"]+)\"");
  private static final Pattern FEATURE = Pattern.compile("^(?:1\\.)?(\\d+)");

  /** Folders that hold JDKs, or are one; a leading ~ is the user's home, * any name. */
  private static final List<String> USUAL =
      List.of(
          "/usr/lib/jvm/*",
          "/opt/*jdk*",
          "/opt/*jdk*/*",
          "/opt/*jdk*/*/usr/lib/jvm/*",
          "/opt/java/*",
          "/usr/local/*jdk*",
          "~/.sdkman/candidates/java/*",
          "~/.jdks/*",
          "~/.jdks/*/Contents/Home",
          "~/.cache/test-jdks/*/usr/lib/jvm/*",
          "~/.gradle/jdks/*",
          "~/.m2/jdks/*",
          "/Library/Java/JavaVirtualMachines/*/Contents/Home",
          "~/Library/Java/JavaVirtualMachines/*/Contents/Home");

  private static final class Found {
    static final Map<Integer, Jdk> BY_VERSION = find(places(System.getenv()::get));

    static {
      List<Integer> missing = missingOf(BY_VERSION);
      if (!missing.isEmpty()) {
        System.out.println(
            "not tested here: JDK "
                + missing.stream().map(String::valueOf).collect(Collectors.joining(", "))
                + " (list homes in SONDE_TEST_JDKS)");
      }
    }
  }

  private Jdks() {}

  /** Those of the wanted versions that are here, oldest first. */
  public static List<Jdk> all() {
    return Found.BY_VERSION.values().stream().filter(j -> WANTED.contains(j.version())).toList();
  }

  /** The JDK of this feature version, wanted or not. */
  public static Optional<Jdk> of(int version) {
    return Optional.ofNullable(Found.BY_VERSION.get(version));
  }

  /** The wanted versions that are not here. */
  public static List<Integer> missing() {
    return missingOf(Found.BY_VERSION);
  }

  /** The JDK that runs this. */
  public static Jdk current() {
    String home = System.getProperty("java.home");
    return new Jdk(Runtime.version().feature(), System.getProperty("java.version"), Path.of(home));
  }

  private static List<Integer> missingOf(Map<Integer, Jdk> found) {
    return WANTED.stream().filter(version -> !found.containsKey(version)).toList();
  }

  static List<Path> places(Function<String, @Nullable String> env) {
    Set<Path> places = new LinkedHashSet<>();
    String listed = env.apply("SONDE_TEST_JDKS");
    if (listed != null) {
      for (String home : listed.split(Pattern.quote(File.pathSeparator))) {
        if (!home.isBlank()) {
          places.add(Path.of(home.trim()));
        }
      }
    }
    String javaHome = env.apply("JAVA_HOME");
    if (javaHome != null && !javaHome.isBlank()) {
      places.add(Path.of(javaHome));
    }
    places.add(current().home());
    for (String pattern : USUAL) {
      String home = System.getProperty("user.home");
      expand(Path.of("/"), pattern.replaceFirst("^~", Matcher.quoteReplacement(home)), places);
    }
    return List.copyOf(places);
  }

  private static void expand(Path from, String pattern, Set<Path> into) {
    String rest = pattern.startsWith("/") ? pattern.substring(1) : pattern;
    int slash = rest.indexOf('/');
    String name = slash < 0 ? rest : rest.substring(0, slash);
    if (!name.contains("*")) {
      continueWith(from.resolve(name), slash < 0 ? "" : rest.substring(slash), into);
      return;
    }
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(from, name)) {
      List<Path> sorted = new ArrayList<>();
      entries.forEach(sorted::add);
      sorted.sort(null);
      for (Path entry : sorted) {
        continueWith(entry, slash < 0 ? "" : rest.substring(slash), into);
      }
    } catch (IOException e) {
      // a folder that is not there or not ours to read holds no JDK for us
    }
  }

  private static void continueWith(Path path, String rest, Set<Path> into) {
    if (rest.isEmpty()) {
      into.add(path);
    } else if (Files.isDirectory(path)) {
      expand(path, rest, into);
    }
  }

  static Map<Integer, Jdk> find(List<Path> places) {
    Map<Integer, Jdk> found = new TreeMap<>();
    for (Path place : places) {
      Jdk jdk = inspect(place);
      if (jdk != null) {
        found.putIfAbsent(jdk.version(), jdk);
      }
    }
    return found;
  }

  /** The JDK at this home, or null if there is none. */
  static @Nullable Jdk inspect(Path home) {
    Jdk unknown = new Jdk(0, "", home);
    if (!Files.isExecutable(unknown.java()) || !Files.isExecutable(unknown.tool("javac"))) {
      return null;
    }
    try {
      Path release = home.resolve("release");
      String text =
          Files.exists(release) ? Files.readString(release) : printedVersion(unknown.java());
      Matcher version = (Files.exists(release) ? RELEASE : PRINTED).matcher(text);
      if (!version.find()) {
        return null;
      }
      Matcher feature = FEATURE.matcher(version.group(1));
      return feature.find()
          ? new Jdk(Integer.parseInt(feature.group(1)), version.group(1), home.toRealPath())
          : null;
    } catch (IOException e) {
      return null;
    }
  }

  private static String printedVersion(Path java) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(java.toString(), "-version").redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    Process process = builder.start();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        return "";
      }
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } finally {
      process.destroyForcibly();
    }
  }
}
