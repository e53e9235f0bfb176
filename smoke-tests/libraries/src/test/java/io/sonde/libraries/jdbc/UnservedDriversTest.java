package io.sonde.libraries.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.apps.jdbc.Unserved;
import io.sonde.testing.AgentCommand;
import io.sonde.testing.Artifacts;
import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdks;
import io.sonde.testing.JvmLaunch;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Drivers whose servers do not run here: their classes are woven, and their refusals unchanged. */
class UnservedDriversTest {
  private static final Duration SOON = Duration.ofSeconds(90);

  private static final String ORACLE = "oracle.jdbc.driver.";
  private static final String SQL_SERVER = "com.microsoft.sqlserver.jdbc.SQLServer";
  private static final String DB2 = "com.ibm.db2.jcc.";

  private static String driver(
      String driver, String url, List<String> classes, List<String> discovered, String artifact) {
    return String.join(
        "|",
        driver,
        url,
        String.join(",", classes),
        String.join(",", discovered),
        Artifacts.file(artifact).toString());
  }

  private static String oracle(String artifact) {
    return driver(
        "oracle.jdbc.OracleDriver",
        "jdbc:oracle:thin:@//127.0.0.1:1/shop",
        List.of(
            ORACLE + "T4CConnection",
            ORACLE + "OracleStatementWrapper",
            ORACLE + "OraclePreparedStatementWrapper",
            ORACLE + "OracleCallableStatementWrapper",
            ORACLE + "T4CPreparedStatement"),
        List.of(),
        artifact);
  }

  private static String sqlServer(String artifact) {
    return driver(
        SQL_SERVER + "Driver",
        "jdbc:sqlserver://127.0.0.1:1;databaseName=shop;loginTimeout=2",
        List.of(
            SQL_SERVER + "Connection",
            SQL_SERVER + "Statement",
            SQL_SERVER + "PreparedStatement",
            SQL_SERVER + "CallableStatement"),
        List.of(),
        artifact);
  }

  private static String db2(String artifact) {
    return driver(
        DB2 + "DB2Driver",
        "jdbc:db2://127.0.0.1:1/shop",
        List.of(DB2 + "am.Connection", DB2 + "t4.b"),
        List.of(DB2 + "t4.k", DB2 + "t4.j", DB2 + "t4.i"),
        artifact);
  }

  private static JvmLaunch launch() {
    return ForkedJvm.onCurrent()
        .quick()
        .jvmArg("-Xverify:all")
        .classPathOf(Unserved.class)
        .main(Unserved.class)
        .arg(
            oracle("com.oracle.database.jdbc:ojdbc8:19.3.0.0"),
            oracle("com.oracle.database.jdbc:ojdbc11:23.26.4.0.0"),
            sqlServer("com.microsoft.sqlserver:mssql-jdbc:6.4.0.jre8"),
            sqlServer("com.microsoft.sqlserver:mssql-jdbc:13.6.2.jre11"),
            db2("com.ibm.db2:jcc:11.1.4.4"),
            db2("com.ibm.db2:jcc:12.1.5.0"));
  }

  @Test
  void classesAreWoven_andRefusalsUnchanged() throws Exception {
    try (ForkedJvm bare = launch().start();
        ForkedJvm woven = launch().agent().start()) {
      bare.awaitPort(SOON);
      woven.awaitPort(SOON);
      assertEquals(refusals(bare), refusals(woven));
      assertEquals(6, refusals(woven).size());
      assertTrue(
          woven.stderr().stream().noneMatch(line -> line.contains("[sonde]")),
          woven.stderr()::toString);
      Set<String> expected = new TreeSet<>();
      add(
          expected,
          List.of("ojdbc8-19.3.0.0", "ojdbc11-23.26.4.0.0"),
          ORACLE + "OracleDriver",
          ORACLE + "PhysicalConnection",
          ORACLE + "OracleStatementWrapper",
          ORACLE + "OraclePreparedStatementWrapper");
      add(
          expected,
          List.of("mssql-jdbc-6.4.0.jre8", "mssql-jdbc-13.6.2.jre11"),
          SQL_SERVER + "Driver",
          SQL_SERVER + "Connection",
          SQL_SERVER + "Statement",
          SQL_SERVER + "PreparedStatement");
      add(
          expected,
          List.of("jcc-11.1.4.4", "jcc-12.1.5.0"),
          DB2 + "DB2Driver",
          DB2 + "DB2SimpleDataSource",
          DB2 + "am.Connection",
          DB2 + "am.CallableStatement");
      // Its statements have other names in each version and are discovered.
      add(expected, List.of("jcc-11.1.4.4"), DB2 + "am.k3", DB2 + "am.k4");
      add(expected, List.of("jcc-12.1.5.0"), DB2 + "am.kt", DB2 + "am.ku");
      assertEquals(expected, woven(woven.pid()));
    }
  }

  private static List<String> refusals(ForkedJvm jvm) {
    return jvm.stdout().stream().filter(line -> line.startsWith("REFUSED")).toList();
  }

  private static void add(Set<String> to, List<String> jars, String... classes) {
    for (String jar : jars) {
      for (String type : classes) {
        to.add(type + ' ' + jar + ".jar");
      }
    }
  }

  /** The classes that {@code why} calls woven, with the jar that each came from. */
  private static Set<String> woven(long pid) {
    return AgentCommand.run(Jdks.current(), "why", Long.toString(pid), "jdbc")
        .lines()
        .filter(line -> line.matches("woven +jdbc .*"))
        .map(line -> line.replaceAll("woven +jdbc +(\\S+) +\\[(.*)\\].*", "$1 $2"))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
