import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Completes agent/dist/target/classes before it is packaged: {@code java AssembleAgent.java target
 * classpath version}.
 *
 * <p>Instrumentation classes become data ({@code inst/….bin}), because they refer to the
 * application's libraries under their real names and are defined into the application's loaders.
 * Those for the JDK are ordinary classes as well, since the boot loader finds them in our jar.
 */
public final class AssembleAgent {
  /** Java 5, the first that knows -javaagent: each JVM that can be given the agent can load it. */
  private static final int PREMAIN_CLASS_VERSION = 49;

  private static final String JDK_INSTRUMENTATION = "io/sonde/instrumentation/jdk/";
  private static final String INDEX = "META-INF/sonde/index";
  private static final String DOCUMENTATION = "META-INF/sonde/documentation";

  public static void main(String[] args) throws IOException {
    Path target = Path.of(args[0]);
    Path classes = target.resolve("classes");
    List<Path> jars = new ArrayList<>();
    for (String element : args[1].split(System.getProperty("path.separator"))) {
      Path path = Path.of(element);
      if (Files.isRegularFile(path) && element.endsWith(".jar")) {
        jars.add(path);
      }
    }
    jars.sort(Comparator.comparing(path -> path.getFileName().toString()));
    embedInstrumentation(jars, target, classes);
    lowerClassVersion(classes.resolve("io/sonde/agent/Premain.class"));
    write(classes.resolve("inst/version"), args[2].getBytes(StandardCharsets.UTF_8));
    writeNotices(jars, target);
  }

  private static void embedInstrumentation(List<Path> jars, Path target, Path classes)
      throws IOException {
    Path inst = classes.resolve("inst");
    deleteTree(inst);
    deleteTree(classes.resolve(JDK_INSTRUMENTATION));
    ByteArrayOutputStream index = new ByteArrayOutputStream();
    ByteArrayOutputStream documentation = new ByteArrayOutputStream();
    for (Path jar : jars) {
      if (!jar.getFileName().toString().startsWith("sonde-instrumentation-")) {
        continue;
      }
      boolean indexed = false;
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (ZipEntry entry : sortedFiles(zip)) {
          String name = entry.getName();
          if (name.equals(INDEX)) {
            byte[] lines = read(zip, entry);
            indexed = true;
            index.write(lines);
          } else if (name.equals(DOCUMENTATION)) {
            documentation.write(read(zip, entry));
          } else if (name.endsWith(".class") && !name.endsWith("package-info.class")) {
            byte[] bytes = read(zip, entry);
            write(
                inst.resolve(name.substring(0, name.length() - ".class".length()) + ".bin"), bytes);
            if (name.startsWith(JDK_INSTRUMENTATION)) {
              write(classes.resolve(name), bytes);
            }
          }
        }
      }
      if (!indexed) {
        throw new IOException(jar + " has no " + INDEX + ": the annotation processor did not run");
      }
    }
    write(inst.resolve("index"), index.toByteArray());
    write(target.resolve("instrumentations.tsv"), documentation.toByteArray());
  }

  /** javac of a modern JDK does not write such old classes, so the number is set afterwards. */
  private static void lowerClassVersion(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    refuseNewConstants(file, bytes);
    bytes[6] = 0;
    bytes[7] = PREMAIN_CLASS_VERSION;
    Files.write(file, bytes);
  }

  /** Method handles and invokedynamic would make an old JVM refuse the class with a stack trace. */
  private static void refuseNewConstants(Path file, byte[] bytes) throws IOException {
    DataInputStream in = new DataInputStream(new java.io.ByteArrayInputStream(bytes));
    in.skipBytes(8);
    int count = in.readUnsignedShort();
    for (int i = 1; i < count; i++) {
      int tag = in.readUnsignedByte();
      switch (tag) {
        case 1:
          in.skipBytes(in.readUnsignedShort());
          break;
        case 7:
        case 8:
          in.skipBytes(2);
          break;
        case 5:
        case 6:
          in.skipBytes(8);
          i++;
          break;
        case 3:
        case 4:
        case 9:
        case 10:
        case 11:
        case 12:
          in.skipBytes(4);
          break;
        default:
          throw new IOException(
              file + " uses a constant of kind " + tag + ": no lambda, no method reference in it");
      }
    }
  }

  private static void writeNotices(List<Path> jars, Path target) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("sonde-agent.jar contains, relocated and in part, the following works.\n");
    text.append("The text of the Apache License 2.0 is in META-INF/LICENSE, other texts are in\n");
    text.append("META-INF/licenses.\n\n");
    String list = Files.readString(target.resolve("third-party-list.txt"));
    list.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty())
        .sorted()
        .forEach(line -> text.append(line).append('\n'));
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      try (ZipFile zip = new ZipFile(jar.toFile())) {
        for (String notice : List.of("META-INF/NOTICE", "META-INF/NOTICE.txt")) {
          ZipEntry entry = zip.getEntry(notice);
          if (entry != null) {
            text.append("\n---- ").append(notice).append(" of ").append(name).append(" ----\n");
            text.append(new String(read(zip, entry), StandardCharsets.UTF_8).strip()).append('\n');
          }
        }
      }
    }
    write(target.resolve("THIRD-PARTY-NOTICES"), text.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static List<ZipEntry> sortedFiles(ZipFile zip) {
    List<ZipEntry> entries = new ArrayList<>();
    zip.stream().filter(entry -> !entry.isDirectory()).forEach(entries::add);
    entries.sort(Comparator.comparing(ZipEntry::getName));
    return entries;
  }

  private static byte[] read(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return in.readAllBytes();
    }
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  private static void deleteTree(Path root) throws IOException {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> paths = Files.walk(root)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
