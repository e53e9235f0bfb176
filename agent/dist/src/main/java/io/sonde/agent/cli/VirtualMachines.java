package io.sonde.agent.cli;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Properties;

/**
 * A running JVM through the attach API, which is a module on 9 and newer and lib/tools.jar on 8.
 */
final class VirtualMachines {
  private static final String TYPE = "com.sun.tools.attach.VirtualMachine";

  private final Class<?> type;
  private final Object machine;

  private VirtualMachines(Class<?> type, Object machine) {
    this.type = type;
    this.machine = machine;
  }

  static VirtualMachines attach(String pid) {
    Class<?> type = type();
    try {
      return new VirtualMachines(type, type.getMethod("attach", String.class).invoke(null, pid));
    } catch (InvocationTargetException e) {
      throw new CommandException(
          "cannot reach JVM "
              + pid
              + ": "
              + e.getCause()
              + "; it must be a running JVM of the same user, not started with -XX:+DisableAttachMechanism");
    } catch (ReflectiveOperationException e) {
      throw new CommandException("cannot use the attach API: " + e);
    }
  }

  private static Class<?> type() {
    try {
      return Class.forName(TYPE);
    } catch (ClassNotFoundException e) {
      File home = new File(System.getProperty("java.home"));
      File tools = new File(home.getParentFile(), "lib/tools.jar");
      if (!tools.isFile()) {
        throw new CommandException(
            "this Java (" + home + ") has no attach API: run the command with a JDK, not a JRE");
      }
      try {
        return Class.forName(TYPE, true, new URLClassLoader(new URL[] {tools.toURI().toURL()}));
      } catch (ClassNotFoundException | MalformedURLException failed) {
        throw new CommandException("cannot use " + tools + ": " + failed);
      }
    }
  }

  void loadAgent(File jar, String arguments) {
    call("loadAgent", new Class<?>[] {String.class, String.class}, jar.getPath(), arguments);
  }

  Properties agentProperties() {
    return (Properties) call("getAgentProperties", new Class<?>[0]);
  }

  void detach() {
    call("detach", new Class<?>[0]);
  }

  private Object call(String name, Class<?>[] parameters, Object... arguments) {
    try {
      Method method = type.getMethod(name, parameters);
      return method.invoke(machine, arguments);
    } catch (InvocationTargetException e) {
      throw new CommandException(name + " failed: " + e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new CommandException("cannot use the attach API: " + e);
    }
  }
}
