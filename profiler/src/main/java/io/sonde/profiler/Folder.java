package io.sonde.profiler;

import java.io.File;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserPrincipal;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The folder that recordings are read from, below java.io.tmpdir, removed at exit; those of
 * processes that died are removed, with what Flight Recorder left behind for them.
 *
 * <p>A lock says who lives: process ids say nothing across containers that share a disk.
 */
public final class Folder implements AutoCloseable {
  private static final String PREFIX = "sonde-profiler-";
  private static final String LOCK = "lock";
  private static final String REPOSITORY = "repository";
  private static final int MOST_TRIES = 10;

  /** Of this process, which to look at is to unlock: a closed file takes all its locks along. */
  private static final Set<String> OWN = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;
  private final Thread owner = Thread.currentThread();
  private final Thread hook = new Thread(this::atExit, "sonde-profiler-exit");
  private volatile boolean ending;
  private boolean keeps = true; // until one is noted

  private Folder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    OWN.add(path.getFileName().toString());
  }

  /**
   * A new one that nobody else may look into, for this thread, which is to end with the JVM.
   *
   * @param place below which it is; null for java.io.tmpdir
   */
  public static Folder open(@Nullable String place) throws IOException {
    for (int i = 1; ; i++) {
      Path path = place == null ? create(parent()) : createIn(place);
      try {
        FileChannel channel = lock(path);
        if (channel != null) {
          Folder folder = new Folder(path, channel);
          Runtime.getRuntime().addShutdownHook(folder.hook);
          clean(path);
          return folder;
        }
      } catch (Throwable thrown) {
        remove(path);
        throw thrown;
      }
      remove(path);
      if (i == MOST_TRIES) {
        throw new IOException(path + " cannot be locked");
      }
    }
  }

  private static Path create(Path parent) throws IOException {
    return Files.createTempDirectory(parent, PREFIX);
  }

  private static Path createIn(String place) throws IOException {
    try {
      return create(Files.createDirectories(Paths.get(place)));
    } catch (IOException | InvalidPathException e) {
      throw new IOException("PYROSCOPE_TMP_DIR cannot be used: " + e, e);
    }
  }

  /**
   * Null where another process cleaned up before there was a lock, which took this one for dead: it
   * has the lock yet, or has removed it with the folder.
   */
  private static @Nullable FileChannel lock(Path path) throws IOException {
    Path lock = path.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null && Files.isRegularFile(lock)) {
        return channel;
      }
    } catch (Throwable thrown) {
      channel.close();
      throw thrown;
    }
    channel.close();
    return null;
  }

  private static Path parent() {
    return Paths.get(System.getProperty("java.io.tmpdir", "/tmp"));
  }

  /**
   * Notes where Flight Recorder writes, for whoever cleans up after a crash; nothing where the user
   * chose the place.
   */
  public synchronized void repository(String place) throws IOException {
    keeps = !isRepository(Paths.get(place));
    if (!keeps) {
      Files.write(path.resolve(REPOSITORY), place.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What Flight Recorder wrote is not ours alone any more: it stays after a crash. */
  public synchronized void keepRepository() throws IOException {
    keeps = true;
    Files.deleteIfExists(path.resolve(REPOSITORY));
  }

  /** A file in it. */
  public Path file(String name) {
    return path.resolve(name);
  }

  /** What others put beside ours may name anything, and lead anywhere: that is left alone. */
  private static void clean(Path ours) {
    try (DirectoryStream<Path> found =
        Files.newDirectoryStream(ours.resolveSibling(""), PREFIX + "*")) {
      UserPrincipal we = owner(ours);
      for (Path path : found) {
        if (!OWN.contains(path.getFileName().toString())) {
          removeIfDead(path, we);
        }
      }
    } catch (IOException | DirectoryIteratorException | UnsupportedOperationException e) {
      // What the dead left stays where nobody says whose it is.
    }
  }

  private static UserPrincipal owner(Path path) throws IOException {
    return Files.getOwner(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isOf(UserPrincipal owner, Path folder) throws IOException {
    return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && owner(folder).equals(owner);
  }

  /** Holds the lock until all is gone, so that whoever just made the folder knows. */
  private static void removeIfDead(Path path, UserPrincipal we) {
    Path lock = path.resolve(LOCK);
    try {
      if (!isOf(we, path) || !Files.isRegularFile(lock)) {
        return;
      }
    } catch (IOException e) {
      return; // gone already
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE);
        FileLock free = channel.tryLock()) {
      if (free != null) {
        removeRepository(path.resolve(REPOSITORY), we);
        remove(path);
      }
    } catch (IOException | OverlappingFileLockException e) {
      // It lives, or is somebody else's.
    }
  }

  private static void removeRepository(Path note, UserPrincipal we) {
    if (!Files.isRegularFile(note)) {
      return;
    }
    try {
      Path place = Paths.get(new String(Files.readAllBytes(note), StandardCharsets.UTF_8));
      if (isRepository(place) && isOf(we, place)) {
        remove(place);
      }
    } catch (IOException | InvalidPathException e) {
      // Gone already, or no note of ours: there is nothing to remove.
    }
  }

  /** Only what is where Flight Recorder puts it by itself, and looks as it names it. */
  private static boolean isRepository(Path place) throws IOException {
    Path above = place.getParent();
    return above != null
        && Files.isDirectory(place, LinkOption.NOFOLLOW_LINKS)
        && Files.isSameFile(above, parent())
        && place.getFileName().toString().matches("\\d{4}(_\\d\\d){5}_\\d+(_\\d+)?");
  }

  /** What is directly in it, and itself once it is empty. */
  private static void remove(Path folder) {
    File[] files = folder.toFile().listFiles();
    for (int i = 0; files != null && i < files.length; i++) {
      if (!files[i].delete()) {
        return; // somebody else's: it stays
      }
    }
    if (!folder.toFile().delete()) {
      folder.toFile().deleteOnExit();
    }
  }

  /** Whether the JVM is about to end: nothing new is to be begun. */
  public boolean isEnding() {
    return ending;
  }

  /** The owner reads its last window from here first. */
  private void atExit() {
    ending = true;
    try {
      owner.join(Profiler.END_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    removeRepositoryAtLast();
  }

  /**
   * Flight Recorder removes its own by a hook like ours, and makes another one for whoever records
   * after that. What is left when all hooks have ended is for the JVM to remove.
   */
  private synchronized void removeRepositoryAtLast() {
    String place = System.getProperty("jdk.jfr.repository");
    try {
      if (place == null || keeps || !isRepository(Paths.get(place))) {
        return;
      }
    } catch (IOException | InvalidPathException e) {
      return;
    }
    File folder = new File(place);
    folder.deleteOnExit();
    File[] files = folder.listFiles();
    for (int i = 0; files != null && i < files.length; i++) {
      files[i].deleteOnExit();
    }
  }

  @Override
  public synchronized void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The lock ends with the process at the latest.
    }
    remove(path);
    OWN.remove(path.getFileName().toString());
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The JVM ends: this is the hook, or it waits for this.
    }
  }
}
