package io.sonde.libraries.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sonde.testing.Conventions;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.JvmLaunch;
import io.sonde.testing.OtlpSink;
import io.sonde.testing.ReceivedSpan;
import io.sonde.testing.ReceivedSpan.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One run of an application up to its line DONE: what it printed, and the spans that came of it.
 */
final class Run {
  private static final Duration LONG = Duration.ofSeconds(60);

  final List<String> printed;
  final List<ReceivedSpan> spans;

  private Run(List<String> printed, List<ReceivedSpan> spans) {
    this.printed = printed;
    this.spans = spans;
  }

  static Run of(JvmLaunch launch) {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app = launch.quick().jvmArg("-Xverify:all").agent(sink).start()) {
      return toTheEnd(app, sink);
    }
  }

  /** The agent is attached when the application has said READY. */
  static Run attached(JvmLaunch launch, Jdk jdk) {
    try (OtlpSink sink = OtlpSink.http();
        ForkedJvm app = launch.quick().exportTo(sink).start()) {
      app.awaitPort(LONG);
      Path jar = Path.of(System.getProperty("sonde.agent.jar"));
      try (ForkedJvm command =
          ForkedJvm.on(jdk).quick().jar(jar).arg("attach", Long.toString(app.pid())).start()) {
        assertEquals(0, command.awaitExit(LONG), command.stdout()::toString);
      }
      return toTheEnd(app, sink);
    }
  }

  private static Run toTheEnd(ForkedJvm app, OtlpSink sink) {
    app.awaitLine(Pattern.compile("^DONE$"), LONG);
    List<String> said = app.stderr().stream().filter(line -> line.startsWith("[sonde]")).toList();
    assertEquals(List.of(), said);
    List<ReceivedSpan> spans = sink.awaitAll(app, LONG);
    Conventions.check(spans);
    return new Run(app.stdout(), spans);
  }

  private List<String> all() {
    return spans.stream()
        .map(
            span ->
                span.kind()
                    + (span.kind() == Kind.CLIENT
                        ? " " + span.attribute("url.full")
                        : " " + span.attribute("url.path") + "?" + span.attribute("url.query")))
        .toList();
  }

  /** What the application printed of this case. */
  String printed(String name) {
    String prefix = name + ": ";
    List<String> lines = printed.stream().filter(line -> line.startsWith(prefix)).toList();
    assertEquals(1, lines.size(), () -> name + " in " + printed);
    return lines.get(0).substring(prefix.length());
  }

  /** The only client span of this case. */
  ReceivedSpan client(String name) {
    return only(name, Kind.CLIENT, "url.full");
  }

  /** The only server span of this case. */
  ReceivedSpan server(String name) {
    return only(name, Kind.SERVER, "url.query");
  }

  private ReceivedSpan only(String name, Kind kind, String attribute) {
    Pattern end = Pattern.compile("case=" + name + "($|&)");
    List<ReceivedSpan> found =
        spans.stream()
            .filter(span -> span.kind() == kind)
            .filter(span -> end.matcher(String.valueOf(span.attribute(attribute))).find())
            .toList();
    assertEquals(1, found.size(), () -> name + " in " + all());
    return found.get(0);
  }
}
