package io.sonde.core.database;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Properties;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdbcUrlTest {
  private static String read(String url) {
    Database database = JdbcUrl.parse(url, null);
    return database.system
        + " | "
        + database.namespace
        + " | "
        + database.host
        + (database.port == 0 ? "" : " | " + database.port);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '^',
      value = {
        // PostgreSQL: "the combination of database and schema name following the
        // {database}|{schema} pattern"
        "jdbc:postgresql://db.example.com/shop => postgresql | shop | db.example.com",
        "jdbc:postgresql://db:5432/shop => postgresql | shop | db",
        "jdbc:postgresql://db:5433/shop?user=bob&password=s3cr3t => postgresql | shop | db | 5433",
        "jdbc:postgresql://db/shop?currentSchema=sales,public => postgresql | shop|sales | db",
        "jdbc:postgresql://bob:s3cr3t@db/shop => postgresql | shop | db",
        "jdbc:postgresql:shop => postgresql | shop | localhost",
        "jdbc:postgresql:///shop => postgresql | shop | localhost",
        "jdbc:postgresql://db/ => postgresql | null | db",
        "jdbc:postgresql://db/my%20shop => postgresql | my shop | db",
        "jdbc:postgresql://[2001:db8::1]:5433/shop => postgresql | shop | 2001:db8::1 | 5433",
        "jdbc:postgresql://a:5432,b:5432/shop?targetServerType=primary => postgresql | shop | a,b",
        "jdbc:postgresql://a:6000,b:6000/shop => postgresql | shop | a,b | 6000",
        "jdbc:postgresql://a:6000,b/shop => postgresql | shop | a:6000,b:5432",
        "jdbc:pgsql://db/shop => postgresql | shop | db",
        "jdbc:redshift:iam://c.redshift.amazonaws.com:5439/dev => aws.redshift | dev | c.redshift.amazonaws.com",
        // MySQL, MariaDB
        "jdbc:mysql://db:3306/shop?user=bob&password=s3cr3t => mysql | shop | db",
        "jdbc:mysql://db:3307/shop => mysql | shop | db | 3307",
        "jdbc:mysql:///shop => mysql | shop | localhost",
        "jdbc:mysql://bob:s3cr3t@db/shop => mysql | shop | db",
        "jdbc:mysql://bob:s3/cr@3t@db/shop => mysql | shop | db",
        "jdbc:mysql:loadbalance://a:3307,b:3307/shop => mysql | shop | a,b | 3307",
        "jdbc:mysql:replication://a,b/shop => mysql | shop | a,b",
        "jdbc:mysql+srv://db.example.com/shop => mysql | shop | db.example.com",
        "jdbc:mysql://(host=a,port=3307,user=bob,password=s3cr3t)/shop => mysql | shop | a | 3307",
        "jdbc:mysql://address=(host=a)(port=3306)(user=bob)(password=s3cr3t)/shop => mysql | shop | a",
        "jdbc:mariadb://db/shop => mariadb | shop | db",
        "jdbc:mariadb:sequential:address=(host=a)(port=3307)(type=primary),address=(host=b)(port=3308)/shop => mariadb | null | null",
        "jdbc:mariadb:sequential://address=(host=a)(port=3307)(type=primary),address=(host=b)(port=3308)/shop => mariadb | shop | a:3307,b:3308",
        // SQL Server: "{instance_name}|{database_name}"
        "jdbc:sqlserver://db;databaseName=shop;user=sa;password=s3cr3t => microsoft.sql_server | shop | db",
        "jdbc:sqlserver://db:1434;database=shop => microsoft.sql_server | shop | db | 1434",
        "jdbc:sqlserver://db\\sales;databaseName=shop => microsoft.sql_server | sales|shop | db",
        "jdbc:sqlserver://db;instanceName=sales;databaseName={my;shop} => microsoft.sql_server | sales|my;shop | db",
        "jdbc:sqlserver://;serverName=db\\sales;DATABASENAME=shop => microsoft.sql_server | sales|shop | db",
        "jdbc:sqlserver://;password={a;serverName=s3cr3t};serverName=db => microsoft.sql_server | null | db",
        "jdbc:jtds:sqlserver://db:1433/shop;instance=sales;password=s3cr3t => microsoft.sql_server | sales|shop | db",
        // Oracle
        "jdbc:oracle:thin:@db:1521:ORCL => oracle.db | ORCL | db",
        "jdbc:oracle:thin:@db:1522/shop.example.com => oracle.db | shop.example.com | db | 1522",
        "jdbc:oracle:thin:@//db:1521/shop => oracle.db | shop | db",
        "jdbc:oracle:thin:bob/s3cr3t@//db/shop:dedicated/inst => oracle.db | shop | db",
        "jdbc:oracle:thin:bob/\"s3@cr/3t\"@db:1521:ORCL => oracle.db | ORCL | db",
        "jdbc:oracle:thin:@tcps://db:2484/shop?wallet_location=/x => oracle.db | shop | db | 2484",
        "jdbc:oracle:thin:@(DESCRIPTION=(ADDRESS=(PROTOCOL=TCP)(HOST=db)(PORT=1521))(CONNECT_DATA=(SERVICE_NAME=shop))) => oracle.db | shop | db",
        "jdbc:oracle:thin:bob/s3cr3t@( description = ( address_list = (address=(host = a )(port= 1522))(address=(port=1522)(host=b)) ) (connect_data=(sid=ORCL)) ) => oracle.db | ORCL | a:1522,b:1521",
        "jdbc:oracle:thin:@shop_high?TNS_ADMIN=/wallet => oracle.db | shop_high | null",
        "jdbc:oracle:oci:@shop => oracle.db | shop | null",
        "jdbc:oracle:thin:@ldap://ldap.example.com:389/shop,cn=OracleContext,dc=example => oracle.db | shop | null",
        "jdbc:oracle:thin:@a:1521,b:1521/shop => oracle.db | shop | a,b",
        "jdbc:oracle:kprb: => oracle.db | null | null",
        // H2, SQLite, HSQLDB, Derby, DuckDB
        "jdbc:h2:mem:shop;DB_CLOSE_DELAY=-1;PASSWORD=s3cr3t => h2database | shop | null",
        "jdbc:h2:mem: => h2database | null | null",
        "jdbc:h2:~/shop => h2database | ~/shop | null",
        "jdbc:h2:file:/data/shop => h2database | /data/shop | null",
        "jdbc:h2:file:C:/data/shop => h2database | C:/data/shop | null",
        "jdbc:h2:tcp://db/~/shop => h2database | ~/shop | db",
        "jdbc:h2:tcp://db:9093/mem:shop => h2database | shop | db | 9093",
        "jdbc:sqlite:shop.db => sqlite | shop.db | null",
        "jdbc:sqlite:/data//shop.db?password=s3cr3t => sqlite | /data//shop.db | null",
        "jdbc:sqlite:file:shop?mode=memory => sqlite | shop | null",
        "jdbc:sqlite::memory: => sqlite | :memory: | null",
        "jdbc:sqlite: => sqlite | null | null",
        "jdbc:hsqldb:mem:shop => hsqldb | shop | null",
        "jdbc:hsqldb:hsql://db:9001/shop;user=SA => hsqldb | shop | db",
        "jdbc:derby:memory:shop;create=true => derby | shop | null",
        "jdbc:derby:/data/shop => derby | /data/shop | null",
        "jdbc:derby:;databaseName=shop => derby | shop | null",
        "jdbc:derby://db:1528/shop;user=bob;password=s3cr3t => derby | shop | db | 1528",
        "jdbc:duckdb:/data/x.duckdb => duckdb | /data/x.duckdb | null",
        // others
        "jdbc:db2://db:50000/shop:user=bob;password=s3cr3t; => ibm.db2 | shop | db",
        "jdbc:db2:shop => ibm.db2 | shop | null",
        "jdbc:as400://db/lib;user=bob => ibm.db2 | lib | db",
        "jdbc:informix-sqli://db:9088/shop:INFORMIXSERVER=x;user=bob => ibm.informix | shop | db | 9088",
        "jdbc:sap://db:30015/?databaseName=shop&user=bob => sap.hana | shop | db | 30015",
        "jdbc:sybase:Tds:db:5000/shop => sybase | shop | db",
        "jdbc:firebirdsql://db:3050//data/shop.fdb => firebirdsql | /data/shop.fdb | db",
        "jdbc:clickhouse:http://db:8123/shop => clickhouse | shop | db",
        "jdbc:snowflake://x.snowflakecomputing.com/?db=shop&schema=sales&password=s3cr3t => snowflake | shop|sales | x.snowflakecomputing.com",
        "jdbc:teradata://db/DATABASE=shop,DBS_PORT=1025,PASSWORD=s3cr3t => teradata | shop | db",
        "jdbc:trino://db:8080/hive/sales => trino | hive|sales | db",
        "jdbc:hive2://a:10000,b:10000/shop;user=bob?x=y => hive | shop | a,b",
        "jdbc:cubrid:db:30000:shop:bob:s3cr3t: => other_sql | null | null",
        "jdbc:acme://db:1234/shop => other_sql | shop | db | 1234",
        "jdbc:acme:bob/s3cr3t@db => other_sql | null | null",
        "jdbc:acme://bob:s3cr3t:x/y => other_sql | y | null",
        // drivers around drivers
        "jdbc:p6spy:mysql://db/shop => mysql | shop | db",
        "jdbc:log4jdbc:oracle:thin:@db:1521:ORCL => oracle.db | ORCL | db",
        "jdbc:aws-wrapper:postgresql://db/shop => postgresql | shop | db",
        "jdbc:tc:postgresql:15.3:///shop?TC_DAEMON=true => postgresql | shop | localhost",
        "jdbc:tc:mysql:///shop => mysql | shop | localhost",
        "jdbc-secretsmanager:mysql://db:3306/shop => mysql | shop | db",
        // nothing
        "jdbc => other_sql | null | null",
        "jdbc: => other_sql | null | null",
        "jdbc:p6spy: => other_sql | null | null",
        "postgresql://db/shop => other_sql | null | null",
      })
  void url_isRead(String url, String expected) {
    assertEquals(expected, read(url));
  }

  @Test
  void properties_fillWhatTheUrlLeavesOut() {
    Properties properties = new Properties();
    properties.setProperty("currentSchema", "sales");
    properties.setProperty("password", "s3cr3t");
    assertEquals("shop|sales", Databases.of("jdbc:postgresql://db/shop", properties).namespace);
    assertEquals("shop", Databases.of("jdbc:postgresql://db/shop", null).namespace);
    properties.setProperty("databaseName", "x");
    assertEquals("x", Databases.of("jdbc:sqlserver://db", properties).namespace);
  }

  @Test
  void sameUrl_isReadOnce_andSoManyAreKept() {
    String url = "jdbc:mysql://db/kept";
    assertSame(Databases.of(url, null), Databases.of(url, new Properties()));
    for (int i = 0; i < 2 * Databases.MAX; i++) {
      assertEquals("d" + i, Databases.of("jdbc:mysql://db/d" + i, null).namespace);
    }
    assertSame(Databases.UNKNOWN, Databases.of(null, null));
  }

  @Test
  void anySoup_isRead_withoutWhatIsSecret() {
    String[] pieces = {
      "jdbc:",
      "mysql:",
      "postgresql:",
      "oracle:thin:",
      "sqlserver:",
      "h2:",
      "tc:",
      "p6spy:",
      "acme:",
      "//",
      "/",
      ":",
      "@",
      "?",
      ";",
      "&",
      "=",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      "host=",
      "port=",
      "a",
      "1",
      "\\",
      "%",
      "%4",
      "%41",
      ",",
      "user=",
      "password=s3cr3t",
      "sid=",
      " "
    };
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      StringBuilder url = new StringBuilder("jdbc:");
      for (int n = random.nextInt(12); n >= 0; n--) {
        url.append(pieces[random.nextInt(pieces.length)]);
      }
      assertNotNull(JdbcUrl.parse(url.toString(), null).system, url.toString());
    }
  }

  @Test
  void hostsWithCredentials_neverShowThem() {
    for (String system :
        new String[] {"postgresql", "mysql", "mariadb", "sqlserver", "acme", "sap"}) {
      for (String user :
          new String[] {"s3cr3t", "s3cr3t:s3cr3t", "s3cr3t:1/2", "a@s3cr3t:x", "s3cr3t:p#w"}) {
        String read = read("jdbc:" + system + "://" + user + "@db/shop");
        assertFalse(read.contains("s3cr3t"), read);
      }
    }
  }
}
