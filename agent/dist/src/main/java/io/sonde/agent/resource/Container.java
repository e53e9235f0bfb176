package io.sonde.agent.resource;

import org.jspecify.annotations.Nullable;

/** The container and the pod that this process runs in. */
final class Container {
  private static final int ID_LENGTH = 64;

  private Container() {}

  static void detect(Surroundings of, Resource resource) {
    resource.put("container.id", id(of));
    if (of.environment("KUBERNETES_SERVICE_HOST") != null) {
      pod(of, resource);
    }
  }

  /** The names under which pod specifications usually hand these down. */
  private static void pod(Surroundings of, Resource resource) {
    String pod = of.environment("K8S_POD_NAME", "POD_NAME", "KUBERNETES_POD_NAME");
    // A pod's host name is its own name unless it shares the node's network.
    resource.put("k8s.pod.name", pod != null ? pod : of.environment("HOSTNAME"));
    resource.put("k8s.pod.uid", of.environment("K8S_POD_UID", "POD_UID", "KUBERNETES_POD_UID"));
    String namespace =
        of.environment(
            "K8S_NAMESPACE_NAME", "K8S_NAMESPACE", "POD_NAMESPACE", "KUBERNETES_NAMESPACE");
    if (namespace == null) {
      namespace = of.text("var/run/secrets/kubernetes.io/serviceaccount/namespace");
    }
    resource.put("k8s.namespace.name", namespace == null ? null : namespace.trim());
    resource.put(
        "k8s.node.name", of.environment("K8S_NODE_NAME", "NODE_NAME", "KUBERNETES_NODE_NAME"));
    resource.put("k8s.container.name", of.environment("K8S_CONTAINER_NAME", "CONTAINER_NAME"));
    resource.put("k8s.deployment.name", of.environment("K8S_DEPLOYMENT_NAME"));
    resource.put("k8s.cluster.name", of.environment("K8S_CLUSTER_NAME"));
  }

  private static @Nullable String id(Surroundings of) {
    String id = fromCgroup(of.text("proc/self/cgroup"));
    return id != null ? id : fromMounts(of.text("proc/self/mountinfo"));
  }

  /** cgroup v1: the last part of a path is the id, alone or as in {@code docker-ID.scope}. */
  private static @Nullable String fromCgroup(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (String line : text.split("\n")) {
      String id = hex(line, line.lastIndexOf('/') + 1);
      if (id != null) {
        return id;
      }
    }
    return null;
  }

  /**
   * cgroup v2 hides the path; the file that is mounted as /etc/hostname lies in the container's
   * folder.
   */
  private static @Nullable String fromMounts(@Nullable String text) {
    if (text == null) {
      return null;
    }
    for (String line : text.split("\n")) {
      int folder = line.indexOf("containers/");
      // A pod's sandbox is a container too, but not this one.
      if (folder >= 0 && line.contains("/etc/hostname") && !line.contains("/sandboxes/")) {
        String id = hex(line, folder);
        if (id != null) {
          return id;
        }
      }
    }
    return null;
  }

  /** The first run of exactly 64 hexadecimal digits. */
  private static @Nullable String hex(String line, int from) {
    int run = 0;
    for (int i = from; i <= line.length(); i++) {
      char c = i < line.length() ? line.charAt(i) : ' ';
      if (c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
        run++;
      } else {
        if (run == ID_LENGTH) {
          return line.substring(i - run, i);
        }
        run = 0;
      }
    }
    return null;
  }
}
