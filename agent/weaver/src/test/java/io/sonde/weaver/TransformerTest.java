package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a class becomes, and what is said, where something around the weaving fails. */
class TransformerTest {
  private static final String ADVICE = "io.sonde.instrumentation.lib.Told";

  private static final Sources SOURCES =
      Sources.of(
          9,
          """
          package io.sonde.instrumentation.lib;
          import io.sonde.core.Weave;
          import net.bytebuddy.asm.Advice;
          /** Notes calls. */
          @Weave(type = "lib.One", method = "run()")
          public class Told {
            @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
            public static void enter(@Advice.This lib.One one) { one.run(); }
          }
          """,
          "package lib; public class One { public void run() {} }",
          "package lib; public class Two { public void run() {} }",
          "package lib; public class Three { public void run() {} }");

  @TempDir Path folder;

  private final List<String> said = new ArrayList<>();
  private final List<String> reported = new ArrayList<>();
  private final Report report = new Report();

  private Transformer transformer(Instrumentation instrumentation) throws Exception {
    report.reader((number, line) -> reported.add(line.replaceAll("\\t[^\\t]*@[^\\t]*\\t", "\t")));
    Path jar = folder.resolve("agent.jar");
    String line = ADVICE.replace('.', '/') + "\tlib/One lib/Two lib/Three\trun()\t-\t";
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file)) {
      out.putNextEntry(new ZipEntry("inst/" + ADVICE.replace('.', '/') + ".bin"));
      out.write(SOURCES.classes.get(ADVICE));
    }
    return new ModuleTransformer(
        instrumentation,
        new Index(List.of(line + "enter(Llib/One;)V|t|\t-\t-"), library -> true),
        new Definitions(new AgentJar(new JarFile(jar.toFile())), new Definer()),
        null,
        report,
        said::add);
  }

  /** Does nothing, or fails so where a module is to be changed. */
  private static Instrumentation instrumentation(RuntimeException failure) {
    return (Instrumentation)
        Proxy.newProxyInstance(
            TransformerTest.class.getClassLoader(),
            new Class<?>[] {Instrumentation.class},
            (proxy, method, arguments) -> {
              if (failure != null) {
                throw failure;
              }
              return null;
            });
  }

  private static byte[] transform(
      Transformer transformer, Module module, ClassLoader loader, String name) throws Exception {
    return transformer.transform(
        module, loader, "lib/" + name, null, null, SOURCES.classes.get("lib." + name));
  }

  @Test
  void definitionThatFails_isTriedOnceForALoader_andSaidOnce() throws Exception {
    Transformer transformer = transformer(instrumentation(null));
    Closed loader = new Closed();
    for (String name : List.of("One", "Two", "Three")) {
      assertNull(transform(transformer, loader.getUnnamedModule(), loader, name));
    }
    assertEquals(1, loader.asked);
    String cause =
        "could not define " + ADVICE + ": java.lang.IllegalStateException: loader is closed";
    assertEquals(List.of("lib: " + cause), said.stream().distinct().toList());
    assertEquals(3, reported.size(), reported::toString);
    for (String line : reported) {
      assertTrue(line.startsWith("failed\tlib\tlib/"), line);
      assertTrue(line.endsWith(cause.substring("could not ".length())), line);
    }
    Library another = new Library();
    assertNotNull(transform(transformer, another.getUnnamedModule(), another, "One"));
  }

  @Test
  void classFileThatCannotBeReadJustNow_isTriedAgainForTheNextClass() throws Exception {
    Transformer transformer = transformer(instrumentation(null));
    Library loader =
        new Library() {
          private boolean failed;

          @Override
          public InputStream getResourceAsStream(String name) {
            if (failed) {
              return super.getResourceAsStream(name);
            }
            failed = true;
            return new InputStream() {
              @Override
              public int read() throws IOException {
                throw new IOException("too many open files");
              }

              @Override
              public int read(byte[] into, int from, int length) throws IOException {
                return read();
              }
            };
          }
        };
    assertNull(transform(transformer, loader.getUnnamedModule(), loader, "One"));
    assertNotNull(transform(transformer, loader.getUnnamedModule(), loader, "Two"));
  }

  @Test
  void moduleThatCannotBeConnected_keepsItsClassAsItWas_andIsReportedAsFailed() throws Exception {
    Transformer transformer = transformer(instrumentation(new IllegalStateException("sealed")));
    assertNull(transform(transformer, Object.class.getModule(), new Library(), "One"));
    assertEquals(
        List.of("lib: could not weave lib.One: java.lang.IllegalStateException: sealed"), said);
    assertEquals(
        List.of("failed\tlib\tlib/One\t\tweave lib.One: java.lang.IllegalStateException: sealed"),
        reported);
  }

  @Test
  void end_comesAfterTheClassThatIsBeingWoven() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch removed = new CountDownLatch(1);
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    Transformer transformer = transformer(instrumentation(null));
    Library loader =
        new Library() {
          @Override
          public InputStream getResourceAsStream(String name) {
            begun.countDown();
            awaitIt(removed);
            return super.getResourceAsStream(name);
          }
        };
    Thread weaving =
        new Thread(
            () -> {
              try {
                transform(transformer, loader.getUnnamedModule(), loader, "One");
              } catch (Exception e) {
                events.add(e.toString());
              }
            });
    weaving.start();
    awaitIt(begun);
    Instrumentation jvm =
        (Instrumentation)
            Proxy.newProxyInstance(
                TransformerTest.class.getClassLoader(),
                new Class<?>[] {Instrumentation.class},
                (proxy, method, arguments) -> {
                  assertEquals("removeTransformer", method.getName());
                  assertEquals(transformer, arguments[0]);
                  new Thread(
                          () -> {
                            pause();
                            events.add("woven");
                            removed.countDown();
                          })
                      .start();
                  return true;
                });
    transformer.end(jvm, Long.MAX_VALUE);
    events.add("ended");
    weaving.join();
    assertEquals(List.of("woven", "ended"), events);
  }

  private static void awaitIt(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Shows its class files. */
  private static class Library extends ClassLoader {
    @Override
    public InputStream getResourceAsStream(String name) {
      byte[] bytes = SOURCES.classes.get(name.replace(".class", "").replace('/', '.'));
      return bytes == null ? null : new ByteArrayInputStream(bytes);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      byte[] bytes = SOURCES.classes.get(name);
      if (bytes == null) {
        throw new ClassNotFoundException(name);
      }
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  /** Like a web application's loader after its stop. */
  private static final class Closed extends Library {
    int asked;

    @Override
    public InputStream getResourceAsStream(String name) {
      asked++;
      throw new IllegalStateException("loader is closed");
    }
  }
}
