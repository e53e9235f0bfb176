package io.sonde.overhead;

import io.sonde.testing.ForkedJvm;
import io.sonde.testing.Jdk;
import io.sonde.testing.JvmLaunch;
import java.nio.file.Path;

/** An application to be started: how, on a port, and the page that is asked for first. */
record Subject(String name, String firstPage, Launcher launcher) {

  /** Makes the launch of an application that is to listen on a port. */
  interface Launcher {
    JvmLaunch on(Jdk jdk, int port);
  }

  static Subject hello() {
    return new Subject(
        "hello-world server",
        "/",
        (jdk, port) ->
            ForkedJvm.on(jdk)
                .classPathOf(HelloServer.class)
                .main(HelloServer.class)
                .arg(String.valueOf(port)));
  }

  static Subject shop(Path jar) {
    return new Subject(
        "Spring Boot shop",
        "/products/1",
        (jdk, port) -> ForkedJvm.on(jdk).jar(jar).arg("--server.port=" + port));
  }
}
