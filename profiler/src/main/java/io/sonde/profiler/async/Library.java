package io.sonde.profiler.async;

import io.sonde.profiler.Folder;
import io.sonde.profiler.Unavailable;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * async-profiler's native part, loaded once for the life of the JVM.
 *
 * <p>Its native methods belong to whatever class calls {@link System#load}, and are looked for by
 * the names here.
 */
final class Library implements Commands {
  private static @Nullable Library loaded;

  private Library() {}

  /** Takes it out of the jar into that folder, from where it is removed again at once. */
  static synchronized Library load(Folder folder) throws IOException, Unavailable {
    Library before = loaded;
    if (before != null) {
      return before;
    }
    String name = Platform.library();
    if (name == null) {
      throw new Unavailable(
          "there is no library for " + System.getProperty("os.name") + " on " + arch());
    }
    String other = other(Paths.get("/proc/self/maps"));
    if (other != null) {
      throw new Unavailable(other + " is in this JVM already");
    }
    Path file = folder.file("libasyncProfiler.so");
    try {
      extract(name, file);
      System.load(file.toAbsolutePath().toString());
    } catch (ClosedByInterruptException e) {
      throw e; // switched off meanwhile, which says nothing about the library
    } catch (IOException | LinkageError | SecurityException e) {
      throw new Unavailable("its library cannot be loaded from " + file + ": " + cause(e, file));
    } finally {
      remove(file.toFile());
    }
    Library library = new Library();
    loaded = library;
    return library;
  }

  /** The JVM and the system's loader put the file's name before what they say, again and again. */
  private static String cause(Throwable thrown, Path file) {
    String message = String.valueOf(thrown.getMessage());
    String name = file.toAbsolutePath() + ": ";
    while (message.startsWith(name)) {
      message = message.substring(name.length());
    }
    return message;
  }

  private static String arch() {
    return System.getProperty("os.arch", "an unknown processor");
  }

  private static void extract(String name, Path file) throws IOException {
    String resource = "io/sonde/profiler/async/" + name + ".lib";
    try (InputStream in = ClassLoader.getSystemResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the agent's jar has no " + resource);
      }
      Files.copy(in, file);
    }
  }

  @SuppressWarnings("ResultOfMethodCallIgnored") // the folder goes as a whole later on
  private static void remove(File file) {
    file.delete();
  }

  /** Two of its kind would take each other's signals. */
  static @Nullable String other(Path maps) {
    if (!Files.isReadable(maps)) {
      return null;
    }
    try (BufferedReader lines = Files.newBufferedReader(maps, StandardCharsets.ISO_8859_1)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String name = line.substring(line.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
        int path = line.indexOf('/');
        if (path >= 0
            && (name.startsWith("libasyncprofiler") || name.startsWith("libjavaprofiler"))) {
          return line.substring(path);
        }
      }
    } catch (IOException e) {
      // Nobody can say, so that it may be tried.
    }
    return null;
  }

  @Override
  public String execute(String command) throws IOException {
    return execute0(command);
  }

  private native void start0(String event, long interval, boolean reset);

  private native void stop0();

  private native String execute0(String command) throws IOException;

  private native byte[] execute1(String command) throws IOException;

  private native long getSamples();

  private native void filterThread0(Thread thread, boolean enable);
}
