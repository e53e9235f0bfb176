package io.sonde.apps;

import java.io.File;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.ResultSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.ServiceLoader;
import org.osgi.framework.Bundle;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.launch.FrameworkFactory;

/** An OSGi framework, whichever is on the class path, with a database driver as a bundle. */
public final class Bundles {
  private Bundles() {}

  /** Takes a folder for the framework and the driver's jar; asks the database once. */
  public static void main(String[] args) throws Exception {
    Map<String, String> settings = new HashMap<>();
    settings.put("org.osgi.framework.storage", args[0]);
    settings.put("org.osgi.framework.storage.clean", "onFirstInit");
    Framework framework =
        ServiceLoader.load(FrameworkFactory.class).iterator().next().newFramework(settings);
    framework.start();
    Bundle bundle =
        framework.getBundleContext().installBundle(new File(args[1]).toURI().toString());
    bundle.start();
    Driver driver =
        (Driver) bundle.loadClass("org.h2.Driver").getDeclaredConstructor().newInstance();
    try (Connection connection = driver.connect("jdbc:h2:mem:osgi", new Properties());
        ResultSet rows = connection.createStatement().executeQuery("select 40 + 2")) {
      rows.next();
      System.out.println("answer " + rows.getInt(1) + " by " + framework.getSymbolicName());
    }
    framework.stop();
    framework.waitForStop(10_000);
    System.exit(0);
  }
}
