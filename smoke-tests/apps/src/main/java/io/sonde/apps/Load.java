package io.sonde.apps;

/** Loads the classes it is told to and stays. */
public final class Load {
  private Load() {}

  /** Takes class names. */
  public static void main(String[] args) throws Exception {
    for (String name : args) {
      Class.forName(name, false, Load.class.getClassLoader());
    }
    System.out.println("READY 0");
    Thread.sleep(600_000);
  }
}
