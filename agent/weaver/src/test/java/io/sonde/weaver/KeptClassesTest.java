package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A kept class takes the place of weaving where nothing differs, and only there. */
class KeptClassesTest {
  private static final long IDENTITY = 0x1234_5678_9abc_def0L;

  private static final Sources SOURCES =
      Sources.of(
          8,
          """
          import io.sonde.core.Weave;
          import net.bytebuddy.asm.Advice;
          /** Notes calls. */
          @Weave(type = "Target", method = "run()")
          public class Told {
            @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
            public static void enter() {}
          }
          """,
          """
          import io.sonde.core.Weave;
          import net.bytebuddy.asm.Advice;
          /** Notes calls that are not there. */
          @Weave(type = "Target", method = "gone()")
          public class Gone {
            @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
            public static void enter() {}
          }
          """,
          "public class Target implements Runnable { public void run() {} long more() { return 1L; } }",
          "public class Other { public void walk() {} }");

  private static final byte[] TARGET = SOURCES.classes.get("Target");

  @TempDir Path folder;

  private Path file;
  private long firstEnd;
  private int wovenAnew;

  private final Weaving counting =
      (name, bytes, rules, state, loaded, missed) -> {
        wovenAnew++;
        return ClassWeaver.weave(bytes, rules, state, loaded, missed);
      };

  @BeforeEach
  void keep() throws IOException {
    file = folder.resolve("app.aot.woven");
    KeptWriter list = KeptWriter.create(file.toFile(), IDENTITY);
    keep(list, "Target", false);
    firstEnd = Files.size(file);
    keep(list, "Target", true);
    keep(list, "Other", false);
  }

  private static void keep(KeptWriter list, String name, boolean state) {
    keep(list, name, state, false);
  }

  private static void keep(KeptWriter list, String name, boolean state, boolean loaded) {
    byte[] bytes = SOURCES.classes.get(name);
    List<Rule> missed = new ArrayList<>();
    byte[] woven = ClassWeaver.weave(bytes, SOURCES.rules, state, loaded, missed);
    list.add(name, bytes, SOURCES.rules, state, loaded, missed, woven);
  }

  private Weaving open(long identity) {
    return KeptClasses.open(file.toFile(), identity, counting);
  }

  private boolean isKept(Weaving weaving, byte[] bytes, List<Rule> rules, boolean... flags)
      throws Exception {
    int before = wovenAnew;
    List<Rule> missed = new ArrayList<>();
    byte[] woven = weaving.weave("Target", bytes, rules, flags[0], flags[1], missed);
    List<Rule> missedAnew = new ArrayList<>();
    assertArrayEquals(ClassWeaver.weave(bytes, rules, flags[0], flags[1], missedAnew), woven);
    assertEquals(missedAnew, missed);
    return wovenAnew == before;
  }

  @Test
  void sameClass_isNotWovenAgain() throws Exception {
    Weaving weaving = open(IDENTITY);
    assertTrue(isKept(weaving, TARGET, SOURCES.rules, false, false));
    assertTrue(isKept(weaving, TARGET, SOURCES.rules, true, false));
    List<Rule> missed = new ArrayList<>();
    byte[] other = SOURCES.classes.get("Other");
    assertNull(weaving.weave("Other", other, SOURCES.rules, false, false, missed));
    assertEquals(SOURCES.rules, missed);
    assertEquals(0, wovenAnew);
  }

  @Test
  void anythingElse_isWoven() throws Exception {
    Weaving weaving = open(IDENTITY);
    byte[] changed = TARGET.clone();
    changed[7]--; // one version older
    assertFalse(isKept(weaving, changed, SOURCES.rules, false, false));
    List<Rule> fewer = SOURCES.rules.stream().filter(rule -> rule.matches("run", "()V")).toList();
    assertEquals(1, fewer.size());
    assertFalse(isKept(weaving, TARGET, fewer, false, false));
    assertFalse(isKept(weaving, TARGET, SOURCES.rules, true, true));
    assertNotNull(weaving.weave("Known", TARGET, SOURCES.rules, false, false, new ArrayList<>()));
    assertEquals(4, wovenAnew);
  }

  @Test
  void classWithoutTargets_isLeftAsItIs() throws Exception {
    List<Rule> missed = new ArrayList<>();
    byte[] other = SOURCES.classes.get("Other");
    assertNull(open(IDENTITY).weave("Above", other, SOURCES.rules, false, true, missed));
    assertEquals(SOURCES.rules, missed);
    assertEquals(0, wovenAnew);
  }

  /** As the JVM shows it: methods in any order, constants of its own behind those of the file. */
  @Test
  void loadedClass_asTheJvmShowsIt_isNotWovenAgain() throws Exception {
    KeptWriter list = KeptWriter.create(file.toFile(), IDENTITY);
    keep(list, "Target", false, true);
    byte[] moved = withLast("run");
    assertFalse(Arrays.equals(TARGET, moved));
    List<Rule> missed = new ArrayList<>();
    byte[] woven = open(IDENTITY).weave("Target", moved, SOURCES.rules, false, true, missed);
    assertArrayEquals(ClassWeaver.weave(TARGET, SOURCES.rules, false, true, missed), woven);
    assertEquals(0, wovenAnew);

    byte[] changed = moved.clone();
    changed[changed.length - 1]--;
    open(IDENTITY).weave("Target", changed, SOURCES.rules, false, true, missed);
    assertEquals(1, wovenAnew);
    assertFalse(isKept(open(IDENTITY), moved, SOURCES.rules, false, false));
  }

  private static byte[] withLast(String method) {
    ClassReader reader = new ClassReader(TARGET);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new Only(writer, method, false), 0);
    reader.accept(new Only(writer, method, true), 0);
    writer.newUTF8("of the JVM");
    return writer.toByteArray();
  }

  @Test
  void otherAgentsFile_isNotRead() throws Exception {
    assertFalse(isKept(open(IDENTITY + 1), TARGET, SOURCES.rules, false, false));
  }

  @Test
  void brokenFile_costsTimeAlone() throws Exception {
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at += 3) {
      byte[] broken = whole.clone();
      broken[at] ^= 0x40;
      assertEquals(at >= firstEnd, isKeptIn(broken), "byte " + at + " changed");
      assertEquals(at >= firstEnd, isKeptIn(Arrays.copyOf(whole, at)), at + " bytes");
    }
  }

  private boolean isKeptIn(byte[] content) throws Exception {
    Files.deleteIfExists(file);
    Files.write(file, content);
    return isKept(open(IDENTITY), TARGET, SOURCES.rules, false, false);
  }

  @Test
  void missingFile_isAsIfNoneWereKept() throws Exception {
    Files.delete(file);
    assertFalse(isKept(open(IDENTITY), TARGET, SOURCES.rules, false, false));
  }

  /** Passes one method on, or all others. */
  private static final class Only extends ClassVisitor {
    private final String method;
    private final boolean is;

    Only(ClassVisitor next, String method, boolean is) {
      super(Opcodes.ASM9, next);
      this.method = method;
      this.is = is;
    }

    @Override
    public MethodVisitor visitMethod(
        int access, String name, String descriptor, String signature, String[] exceptions) {
      return name.equals(method) == is
          ? super.visitMethod(access, name, descriptor, signature, exceptions)
          : null;
    }
  }
}
