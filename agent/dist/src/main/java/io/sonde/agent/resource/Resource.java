package io.sonde.agent.resource;

import io.sonde.settings.Option;
import io.sonde.settings.Settings;
import java.io.File;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Says what process the telemetry comes from, by the resource conventions of OpenTelemetry. */
public final class Resource {
  private final Map<String, Object> attributes = new LinkedHashMap<>();

  private Resource() {}

  /** The attributes of this process; what the user set goes before what was found. */
  public static Map<String, Object> detect(Settings settings, String agentVersion) {
    return detect(settings, new File("/"), agentVersion);
  }

  static Map<String, Object> detect(Settings settings, File root, String agentVersion) {
    Surroundings of = new Surroundings(settings.properties(), settings.environment(), root);
    Resource resource = new Resource();
    resource.service(of);
    resource.host(of);
    resource.process(of);
    Container.detect(of, resource);
    resource.put("telemetry.sdk.name", "sonde");
    resource.put("telemetry.sdk.language", "java");
    resource.put("telemetry.sdk.version", agentVersion);
    resource.put("telemetry.distro.name", "sonde");
    resource.put("telemetry.distro.version", agentVersion);
    resource.attributes.keySet().removeAll(settings.list(Option.OTEL_RESOURCE_DISABLED_KEYS));
    resource.attributes.putAll(settings.pairs(Option.OTEL_RESOURCE_ATTRIBUTES));
    resource.put("service.name", settings.text(Option.OTEL_SERVICE_NAME));
    resource.named(of);
    return resource.attributes;
  }

  void put(String key, @Nullable Object value) {
    if (value != null) {
      attributes.put(key, value);
    }
  }

  private void service(Surroundings of) {
    ServiceName name = ServiceName.detect(of);
    put("service.name", name.name);
    put("service.version", name.version);
    // A version 4 UUID; SecureRandom would load its providers and may wait for entropy.
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long hi = random.nextLong() & ~0xF000L | 0x4000L;
    long lo = random.nextLong() >>> 2 | 1L << 63;
    put("service.instance.id", new UUID(hi, lo).toString());
  }

  /** It is never missing, even where it was set to nothing or not wanted. */
  private void named(Surroundings of) {
    Object name = attributes.get("service.name");
    if (name == null || name.equals("")) {
      put("service.name", ServiceName.detect(of).name);
    }
  }

  private void host(Surroundings of) {
    put("host.name", HostName.detect(of));
    put("host.arch", architecture(of.property("os.arch")));
    String name = of.property("os.name");
    if (name != null) {
      put("os.type", type(name));
      String version = of.property("os.version");
      put("os.description", version == null ? name : name + ' ' + version);
    }
  }

  private static @Nullable String architecture(@Nullable String arch) {
    if (arch == null) {
      return null;
    }
    switch (arch) {
      case "x86_64":
        return "amd64";
      case "aarch64":
        return "arm64";
      case "arm":
        return "arm32";
      case "i386":
      case "i686":
        return "x86";
      case "ppc64le":
        return "ppc64";
      default:
        return arch;
    }
  }

  private static @Nullable String type(String os) {
    String[][] types = {
      {"Linux", "linux"},
      {"Mac", "darwin"},
      {"Windows", "windows"},
      {"AIX", "aix"},
      {"SunOS", "solaris"},
      {"FreeBSD", "freebsd"},
      {"NetBSD", "netbsd"},
      {"OpenBSD", "openbsd"},
      {"HP-UX", "hpux"},
      {"z/OS", "zos"}
    };
    for (String[] type : types) {
      if (os.startsWith(type[0])) {
        return type[1];
      }
    }
    return null;
  }

  /** Arguments are left out: they often hold what should not leave the machine. */
  private void process(Surroundings of) {
    put("process.pid", pid(of));
    String home = of.property("java.home");
    if (home != null) {
      put("process.executable.path", home + File.separator + "bin" + File.separator + "java");
    }
    put("process.runtime.name", of.property("java.runtime.name"));
    put("process.runtime.version", of.property("java.runtime.version"));
    put(
        "process.runtime.description",
        of.property("java.vm.vendor")
            + ' '
            + of.property("java.vm.name")
            + ' '
            + of.property("java.vm.version"));
  }

  /** ProcessHandle from 9 on; on 8 what /proc says. */
  private static @Nullable Long pid(Surroundings of) {
    try {
      Class<?> handle = Class.forName("java.lang.ProcessHandle");
      return (Long) handle.getMethod("pid").invoke(handle.getMethod("current").invoke(null));
    } catch (ReflectiveOperationException | LinkageError e) {
      try {
        return Long.valueOf(of.file("proc/self").getCanonicalFile().getName());
      } catch (java.io.IOException | NumberFormatException none) {
        return null;
      }
    }
  }
}
