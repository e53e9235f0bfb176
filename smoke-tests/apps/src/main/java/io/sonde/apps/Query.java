package io.sonde.apps;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;

/** Asks a database once. */
public final class Query {
  private Query() {}

  /** Prints the answer. */
  public static void main(String[] args) throws Exception {
    Class.forName("org.h2.Driver");
    try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:query");
        ResultSet rows = connection.createStatement().executeQuery("select 40 + 2")) {
      rows.next();
      System.out.println("answer " + rows.getInt(1));
    }
    System.exit(0);
  }
}
