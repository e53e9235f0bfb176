package io.sonde.agent.resource;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** The host's name, from where it can be had without asking the network if possible. */
final class HostName {
  private HostName() {}

  static @Nullable String detect(Surroundings of) {
    String name = of.text("proc/sys/kernel/hostname");
    if (name == null) {
      name = of.environment("HOSTNAME", "COMPUTERNAME");
    }
    if (name == null) {
      try {
        name = InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return null;
      }
    }
    name = name.trim();
    return name.isEmpty() ? null : name;
  }
}
