package io.sonde.weaver;

import io.sonde.weaver.processor.WeaveProcessor;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Java sources compiled in memory, with the processor that writes the index. */
final class Sources {
  private static final Pattern PACKAGE = Pattern.compile("package ([\\w.]+);");
  private static final Pattern TYPE = Pattern.compile("(?:class|interface|enum|record) (\\w+)");

  /** Class files by binary name. */
  final Map<String, byte[]> classes = new TreeMap<>();

  /** The rules of the index, in its order. */
  final List<Rule> rules = new ArrayList<>();

  /** What the compiler said. */
  final List<String> messages = new ArrayList<>();

  private Sources() {}

  /** Compiles for this release; what does not compile is only in {@link #messages}. */
  static Sources compile(int release, String... texts) {
    Sources sources = new Sources();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
    Memory memory = new Memory(compiler.getStandardFileManager(null, null, null));
    List<JavaFileObject> files = new ArrayList<>();
    for (String text : texts) {
      files.add(new Text(text));
    }
    List<String> options =
        List.of(
            "--release",
            Integer.toString(release),
            "-g",
            "-nowarn",
            "-cp",
            System.getProperty("java.class.path"));
    JavaCompiler.CompilationTask task =
        compiler.getTask(null, memory, diagnostics, options, null, files);
    task.setProcessors(List.of(new WeaveProcessor()));
    boolean compiled = task.call();
    diagnostics.getDiagnostics().forEach(d -> sources.messages.add(d.getMessage(null)));
    if (compiled) {
      sources.take(memory.written);
    }
    return sources;
  }

  /** Compiles for this release. */
  static Sources of(int release, String... texts) {
    Sources sources = compile(release, texts);
    if (sources.classes.isEmpty()) {
      throw new AssertionError(sources.messages);
    }
    return sources;
  }

  private void take(Map<String, ByteArrayOutputStream> written) {
    for (Map.Entry<String, ByteArrayOutputStream> one : written.entrySet()) {
      byte[] bytes = one.getValue().toByteArray();
      if (one.getKey().equals("META-INF/sonde/index")) {
        for (String line : new String(bytes, StandardCharsets.UTF_8).split("\n")) {
          rules.add(new Rule(rules.size(), line));
        }
      } else {
        classes.put(one.getKey(), bytes);
      }
    }
  }

  private static final class Text extends SimpleJavaFileObject {
    private final String text;

    Text(String text) {
      super(URI.create("text:///" + name(text) + ".java"), Kind.SOURCE);
      this.text = text;
    }

    private static String name(String text) {
      Matcher name = TYPE.matcher(text);
      Matcher inPackage = PACKAGE.matcher(text);
      if (!name.find()) {
        throw new AssertionError(text);
      }
      return (inPackage.find() ? inPackage.group(1).replace('.', '/') + '/' : "") + name.group(1);
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }

  private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
    final Map<String, ByteArrayOutputStream> written = new TreeMap<>();

    Memory(JavaFileManager manager) {
      super(manager);
    }

    @Override
    public JavaFileObject getJavaFileForOutput(
        Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
      return new Output(name);
    }

    @Override
    public FileObject getFileForOutput(
        Location location, String packageName, String name, FileObject sibling) {
      return new Output(name);
    }

    private final class Output extends SimpleJavaFileObject {
      private final String name;

      Output(String name) {
        super(URI.create("memory:///" + name), Kind.OTHER);
        this.name = name;
      }

      @Override
      public OutputStream openOutputStream() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        written.put(name, out);
        return out;
      }
    }
  }
}
