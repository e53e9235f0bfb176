package io.sonde.libraries.servers;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * A test application as source text under {@code src/test/apps}, compiled against the version of
 * the library that it is to run with; one text serves javax and jakarta, and packages that were
 * renamed between versions.
 */
public final class AppSource {
  private static final Path APPS = Path.of("src", "test", "apps");

  private final List<Path> folders = new ArrayList<>();
  private final List<String[]> replacements = new ArrayList<>();
  private int release = 8;

  private AppSource() {}

  /** What is in these folders of {@code src/test/apps}. */
  public static AppSource of(String... folders) {
    AppSource source = new AppSource();
    for (String folder : folders) {
      source.folders.add(APPS.resolve(folder));
    }
    return source;
  }

  /** With the jakarta packages, if so. */
  public AppSource jakarta(boolean wanted) {
    return wanted
        ? replace("javax.servlet", "jakarta.servlet").replace("javax.ws.rs", "jakarta.ws.rs")
        : this;
  }

  /** For this version of Java, where it is not to be 8. */
  public AppSource release(int version) {
    release = version;
    return this;
  }

  /** With this text in the place of that. */
  public AppSource replace(String text, String by) {
    replacements.add(new String[] {text, by});
    return this;
  }

  /** Compiles and returns the whole class path. */
  public List<Path> compile(List<Path> classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(problems, null, null)) {
      Path out =
          Files.createTempDirectory(Files.createDirectories(Path.of("target", "apps")), "app");
      List<String> options =
          List.of(
              "--release",
              Integer.toString(release),
              "-parameters",
              "-proc:none",
              "-nowarn",
              "-d",
              out.toString(),
              "-cp",
              classPath.stream()
                  .map(Path::toString)
                  .collect(Collectors.joining(File.pathSeparator)));
      if (!compiler.getTask(null, files, problems, options, null, texts()).call()) {
        throw new AssertionError(
            problems.getDiagnostics().stream()
                .filter(d -> d.getKind() == Diagnostic.Kind.ERROR)
                .map(Object::toString)
                .collect(Collectors.joining("\n")));
      }
      copyResources(out);
      List<Path> whole = new ArrayList<>();
      whole.add(out.toAbsolutePath());
      whole.addAll(classPath);
      return whole;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copyResources(Path out) throws IOException {
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          if (!file.toString().endsWith(".java")) {
            Path to = out.resolve(folder.relativize(file));
            Files.createDirectories(to.getParent());
            Files.copy(file, to);
          }
        }
      }
    }
  }

  private List<JavaFileObject> texts() throws IOException {
    List<JavaFileObject> texts = new ArrayList<>();
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(f -> f.toString().endsWith(".java")).sorted().toList()) {
          String text = Files.readString(file);
          for (String[] replacement : replacements) {
            text = text.replace(replacement[0], replacement[1]);
          }
          texts.add(new Text(file.toUri(), text));
        }
      }
    }
    return texts;
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(URI uri, String text) {
      super(uri, Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
