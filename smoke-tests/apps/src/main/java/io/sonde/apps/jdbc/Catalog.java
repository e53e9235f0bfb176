package io.sonde.apps.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;

/** Asks each driver which columns a table has; its arguments are those of {@link Tour}. */
public final class Catalog {
  private Catalog() {}

  /** Runs all. */
  public static void main(String[] args) throws Exception {
    for (String arg : args) {
      try (Connection connection = Tour.connect(arg.split("\\|"));
          ResultSet columns = connection.getMetaData().getColumns(null, null, "TOUR", null)) {
        while (columns.next()) {
          System.out.println(columns.getString(4));
        }
      }
    }
    System.out.println("READY 0");
    System.in.read();
    Thread.sleep(1000);
  }
}
