package app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** A Spring Boot application. */
@SpringBootApplication
public class BootMain {
  public static void main(String[] args) {
    ConfigurableApplicationContext context = SpringApplication.run(BootMain.class, args);
    System.out.println("READY " + context.getEnvironment().getProperty("local.server.port"));
  }
}
