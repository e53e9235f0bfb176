package io.sonde.agent.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sonde.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ResourceTest {
  private static final String ID = "0123456789abcdef".repeat(4);

  @TempDir Path root;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  @ParameterizedTest
  @CsvSource({
    "app.jar, app,",
    "/opt/shop-1.2.3.jar --port=1, shop, 1.2.3",
    "/opt/my-shop-2-SNAPSHOT.war, my-shop, 2-SNAPSHOT",
    "com.acme.Shop --x, com.acme.Shop,",
    "acme.shop/com.acme.Shop, com.acme.Shop,",
    ", unknown_service:java,"
  })
  void serviceName_ofTheCommand(String command, String name, String version) throws Exception {
    properties.put("sun.java.command", command);
    assertEquals(name, detect().get("service.name"));
    assertEquals(version, detect().get("service.version"));
  }

  @Test
  void serviceName_ofAJarWhosePathHasSpaces() throws Exception {
    properties.put("sun.java.command", "/my apps/the shop.jar --a b");
    properties.put("java.class.path", "/my apps/the shop.jar");
    assertEquals("the shop", detect().get("service.name"));
  }

  @Test
  void serviceName_inTheOrderOfTheDocs() throws Exception {
    Path jar = jar("shop.jar", "BOOT-INF/classes/application.yml", "spring.application.name: jar");
    properties.put("user.dir", root.toString());
    properties.put("sun.java.command", jar + " x");
    assertEquals("jar", detect().get("service.name"));
    file("application.properties", "spring.application.name=folder");
    assertEquals("folder", detect().get("service.name"));
    file("config/application.yml", "spring:\n  application:\n    name: config\n");
    assertEquals("config", detect().get("service.name"));
    environment.put("SPRING_APPLICATION_NAME", "environment");
    assertEquals("environment", detect().get("service.name"));
    properties.put("spring.application.name", "property");
    assertEquals("property", detect().get("service.name"));
    properties.put("sun.java.command", jar + " --spring.application.name=argument --x");
    assertEquals("argument", detect().get("service.name"));
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute,team=a%20b");
    assertEquals("attribute", detect().get("service.name"));
    assertEquals("a b", detect().get("team"));
    environment.put("OTEL_SERVICE_NAME", "name");
    assertEquals("name", detect().get("service.name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring:\n  application:\n    name: shop",
        "# c\nserver:\n  port: 1\nspring:\n  application:\n    # c\n    name: \"shop\" # c\n",
        "spring.application.name: 'shop'",
        "spring:\r\n  application.name: shop # the name\r\n",
        "---\nspring:\n  datasource:\n    name: no\n  application: \n    name:   shop\n---\nspring.application.name: no",
        "spring:\n  application:\n    name: ${SHOP_NAME:shop}",
        "spring:\n  application:\n    name: ${shop.kind}"
      })
  void yaml_isRead(String text) throws Exception {
    environment.put("SHOP_KIND", "shop");
    file("application.yml", text);
    properties.put("user.dir", root.toString());
    assertEquals("shop", detect().get("service.name"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.application.name: '@project.artifactId@'",
        "spring.application.name: ${NOT_THERE}",
        "other: 1\n---\nspring:\n  config:\n    activate:\n      on-profile: x\nspring.application.name: x",
        "spring:\n  application:\n    title: x\n  name: x",
        "spring.application.name: &anchor x",
        "\t:::\n- - -\n: :"
      })
  void yaml_thatNamesNothing_isPassedOver(String text) throws Exception {
    file("application.yml", text);
    properties.put("user.dir", root.toString());
    properties.put("sun.java.command", "Main");
    assertEquals("Main", detect().get("service.name"));
  }

  @Test
  void brokenJar_itsNameStillCounts() throws Exception {
    Path jar = file("shop.jar", "no zip");
    properties.put("sun.java.command", jar.toString());
    assertEquals("shop", detect().get("service.name"));
  }

  @Test
  void unpackedBootJar_isRead() throws Exception {
    file("app/BOOT-INF/classes/application.properties", "spring.application.name=unpacked");
    properties.put("java.class.path", root.resolve("app").toString());
    properties.put("sun.java.command", "org.springframework.boot.loader.launch.JarLauncher");
    assertEquals("unpacked", detect().get("service.name"));
  }

  @Test
  void process_isThisOne_withoutItsArguments() throws Exception {
    System.getProperties().forEach((key, value) -> properties.put((String) key, (String) value));
    properties.put("sun.java.command", "Main --password=secret");
    Map<String, Object> found = detect();
    assertEquals(ProcessHandle.current().pid(), found.get("process.pid"));
    assertEquals(System.getProperty("java.runtime.version"), found.get("process.runtime.version"));
    assertTrue(((String) found.get("process.executable.path")).endsWith("java"));
    assertEquals("sonde", found.get("telemetry.distro.name"));
    assertEquals("9.9", found.get("telemetry.distro.version"));
    assertEquals("java", found.get("telemetry.sdk.language"));
    assertFalse(found.toString().contains("secret"));
  }

  @Test
  void instanceId_isAnotherEachTime_andARandomUuid() throws Exception {
    String one = (String) detect().get("service.instance.id");
    assertTrue(
        one.matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"), one);
    assertNotEquals(one, detect().get("service.instance.id"));
  }

  @ParameterizedTest
  @CsvSource({"x86_64, amd64", "aarch64, arm64", "amd64, amd64", "riscv64, riscv64"})
  void hostArchitecture_inTheWordsOfTheConventions(String arch, String expected) throws Exception {
    properties.put("os.arch", arch);
    assertEquals(expected, detect().get("host.arch"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "12:cpu:/docker/ID",
        "1:name=systemd:/kubepods/besteffort/pod0a1b/ID",
        "0::/system.slice/docker-ID.scope",
        "0::/kubepods.slice/kubepods-pod1.slice/cri-containerd-ID.scope",
        "0::/../crio-ID.scope\n"
      })
  void containerId_ofACgroup(String line) throws Exception {
    file("proc/self/cgroup", "0::/\n" + line.replace("ID", ID));
    assertEquals(ID, detect().get("container.id"));
  }

  @Test
  void containerId_ofAMount() throws Exception {
    file("proc/self/cgroup", "0::/\n");
    file(
        "proc/self/mountinfo",
        "1 2 254:1 /lib/io.containerd.grpc.v1.cri/sandboxes/"
            + "f".repeat(64)
            + "/hostname /etc/hostname rw\n"
            + "1 2 254:1 /var/lib/docker/containers/"
            + ID
            + "/hostname /etc/hostname rw - ext4\n");
    assertEquals(ID, detect().get("container.id"));
  }

  @Test
  void noContainer_noId() throws Exception {
    file("proc/self/cgroup", "0::/user.slice/session-" + ID + "0.scope\n");
    file("proc/self/mountinfo", "1 2 254:1 / / rw\n");
    assertFalse(detect().containsKey("container.id"));
  }

  @Test
  void pod_byTheUsualVariables() throws Exception {
    environment.put("HOSTNAME", "shop-5d4");
    assertFalse(detect().containsKey("k8s.pod.name"));
    environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    file("var/run/secrets/kubernetes.io/serviceaccount/namespace", "prod\n");
    environment.put("NODE_NAME", "node-1");
    Map<String, Object> found = detect();
    assertEquals("shop-5d4", found.get("k8s.pod.name"));
    assertEquals("prod", found.get("k8s.namespace.name"));
    assertEquals("node-1", found.get("k8s.node.name"));
    environment.put("POD_NAME", "shop-9");
    environment.put("POD_NAMESPACE", "test");
    assertEquals("shop-9", detect().get("k8s.pod.name"));
    assertEquals("test", detect().get("k8s.namespace.name"));
  }

  @Test
  void disabledKeys_areLeftOut_unlessSet() throws Exception {
    properties.put("os.arch", "amd64");
    environment.put("OTEL_RESOURCE_DISABLED_KEYS", "host.arch,process.pid");
    assertFalse(detect().containsKey("host.arch"));
    assertFalse(detect().containsKey("process.pid"));
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "host.arch=mine");
    assertEquals("mine", detect().get("host.arch"));
  }

  @Test
  void serviceName_isNeverMissing() throws Exception {
    properties.put("sun.java.command", "com.example.Main");
    environment.put("OTEL_RESOURCE_DISABLED_KEYS", "service.name");
    assertEquals("com.example.Main", detect().get("service.name"));
    environment.put("OTEL_RESOURCE_ATTRIBUTES", "service.name=");
    assertEquals("com.example.Main", detect().get("service.name"));
  }

  private Map<String, Object> detect() throws IOException {
    Files.createDirectories(root.resolve("proc/sys/kernel"));
    Files.writeString(root.resolve("proc/sys/kernel/hostname"), "host\n");
    Map<String, Object> found =
        Resource.detect(new Settings(properties::get, environment::get), root.toFile(), "9.9");
    assertEquals("host", found.get("host.name"));
    return found;
  }

  private Path file(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Path jar(String name, String entry, String text) throws IOException {
    Path jar = root.resolve(name);
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream zip = new JarOutputStream(out)) {
      zip.putNextEntry(new JarEntry(entry));
      zip.write(text.getBytes(StandardCharsets.UTF_8));
      zip.closeEntry();
    }
    return jar;
  }
}
