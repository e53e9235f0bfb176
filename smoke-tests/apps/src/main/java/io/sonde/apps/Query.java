package io.sonde.apps;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Asks a database once, or again and again until it is stopped. */
public final class Query {
  private Query() {}

  /** Prints the answer; with an argument READY after the first one, and goes on. */
  public static void main(String[] args) throws Exception {
    Class.forName("org.h2.Driver");
    ask();
    if (args.length > 0) {
      System.out.println("READY 0");
    }
    while (args.length > 0) {
      Thread.sleep(100);
      ask();
    }
    System.exit(0);
  }

  private static void ask() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:query");
        ResultSet rows = connection.createStatement().executeQuery("select 40 + 2")) {
      rows.next();
      System.out.println("answer " + rows.getInt(1));
    }
  }
}
