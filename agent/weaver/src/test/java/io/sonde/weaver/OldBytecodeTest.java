package io.sonde.weaver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Methods that javac does not make any more, or never did: subroutines, no frames, and bodies that
 * use the slots of their arguments for something else.
 */
class OldBytecodeTest {
  private static final String LOG = "io/sonde/weaver/Log";

  private static final Sources ADVICE =
      Sources.of(
          8,
          """
          import io.sonde.core.Weave;
          import io.sonde.weaver.Log;
          import net.bytebuddy.asm.Advice;
          /** Notes calls. */
          @Weave(type = "Target", method = {"m(int)", "m(int,int)", "m(java.lang.String)"})
          public class Told {
            @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
            public static long enter() { Log.add("enter"); return 5; }
            @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
            public static void exit(@Advice.Enter long e, @Advice.Thrown Throwable t) { Log.add("exit", e, t); }
          }
          """);

  private interface Body {
    void write(MethodVisitor method);
  }

  /** A target whose call() calls the static m with 1, and 1 or "1" for each parameter. */
  private static Map<String, byte[]> target(int version, String descriptor, Body body) {
    ClassWriter writer =
        new ClassWriter(
            version >= Opcodes.V1_7 ? ClassWriter.COMPUTE_FRAMES : ClassWriter.COMPUTE_MAXS);
    writer.visit(
        version,
        Opcodes.ACC_PUBLIC,
        "Target",
        null,
        "java/lang/Object",
        new String[] {"java/util/concurrent/Callable"});
    MethodVisitor init = writer.visitMethod(Opcodes.ACC_PUBLIC, "<init>", "()V", null, null);
    init.visitCode();
    init.visitVarInsn(Opcodes.ALOAD, 0);
    init.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    init.visitInsn(Opcodes.RETURN);
    init.visitMaxs(0, 0);
    init.visitEnd();
    MethodVisitor call =
        writer.visitMethod(Opcodes.ACC_PUBLIC, "call", "()Ljava/lang/Object;", null, null);
    call.visitCode();
    for (Type type : Type.getArgumentTypes(descriptor)) {
      if (type.equals(Type.INT_TYPE)) {
        call.visitInsn(Opcodes.ICONST_1);
      } else {
        call.visitLdcInsn("1");
      }
    }
    call.visitMethodInsn(Opcodes.INVOKESTATIC, "Target", "m", descriptor, false);
    call.visitMethodInsn(
        Opcodes.INVOKESTATIC, "java/lang/String", "valueOf", "(J)Ljava/lang/String;", false);
    call.visitInsn(Opcodes.ARETURN);
    call.visitMaxs(0, 0);
    call.visitEnd();
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "m", descriptor, null, null);
    method.visitCode();
    body.write(method);
    method.visitMaxs(0, 0);
    method.visitEnd();
    writer.visitEnd();
    Map<String, byte[]> classes = new TreeMap<>(ADVICE.classes);
    classes.put("Target", writer.toByteArray());
    return classes;
  }

  private static void check(Map<String, byte[]> classes, String... expected) throws Exception {
    List<String> ours = Woven.ours(classes, ADVICE.rules);
    assertEquals(List.of(expected), ours);
    assertEquals(Woven.oracles(classes, ADVICE.rules), ours);
  }

  private static void log(MethodVisitor method, String text) {
    method.visitInsn(Opcodes.ICONST_1);
    method.visitTypeInsn(Opcodes.ANEWARRAY, "java/lang/Object");
    method.visitInsn(Opcodes.DUP);
    method.visitInsn(Opcodes.ICONST_0);
    method.visitLdcInsn(text);
    method.visitInsn(Opcodes.AASTORE);
    method.visitMethodInsn(Opcodes.INVOKESTATIC, LOG, "add", "([Ljava/lang/Object;)V", false);
  }

  @Test
  void subroutine_asCompilersOnceMadeFinally() throws Exception {
    Map<String, byte[]> classes =
        target(
            Opcodes.V1_4,
            "(I)J",
            method -> {
              Label sub = new Label();
              method.visitJumpInsn(Opcodes.JSR, sub);
              method.visitVarInsn(Opcodes.ILOAD, 0);
              Label negative = new Label();
              method.visitJumpInsn(Opcodes.IFLT, negative);
              method.visitJumpInsn(Opcodes.JSR, sub);
              method.visitLdcInsn(7L);
              method.visitInsn(Opcodes.LRETURN);
              method.visitLabel(negative);
              method.visitLdcInsn(8L);
              method.visitInsn(Opcodes.LRETURN);
              method.visitLabel(sub);
              method.visitVarInsn(Opcodes.ASTORE, 1);
              log(method, "sub");
              method.visitVarInsn(Opcodes.RET, 1);
            });
    check(classes, "enter", "sub", "sub", "exit Long:5 null", "result 7");
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_4, Opcodes.V1_8, Opcodes.V17})
  void longOverTheBorderOfTheArguments(int version) throws Exception {
    Map<String, byte[]> classes =
        target(
            version,
            "(I)J",
            method -> {
              // The one argument's slot and the next become a long; a loop, so that a frame sees
              // it.
              method.visitVarInsn(Opcodes.ILOAD, 0);
              method.visitVarInsn(Opcodes.ISTORE, 2);
              method.visitLdcInsn(40L);
              method.visitVarInsn(Opcodes.LSTORE, 0);
              Label loop = new Label();
              method.visitLabel(loop);
              method.visitVarInsn(Opcodes.LLOAD, 0);
              method.visitInsn(Opcodes.LCONST_1);
              method.visitInsn(Opcodes.LADD);
              method.visitVarInsn(Opcodes.LSTORE, 0);
              method.visitIincInsn(2, -1);
              method.visitVarInsn(Opcodes.ILOAD, 2);
              method.visitJumpInsn(Opcodes.IFGE, loop);
              method.visitVarInsn(Opcodes.LLOAD, 0);
              method.visitInsn(Opcodes.LRETURN);
            });
    check(classes, "enter", "exit Long:5 null", "result 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_4, Opcodes.V1_8, Opcodes.V17})
  void longInTheSlotsOfTwoArguments_afterAnOddOne(int version) throws Exception {
    Map<String, byte[]> classes =
        target(
            version,
            "(II)J",
            method -> {
              // Slots 1 and 2: the second argument's and the first behind them.
              method.visitLdcInsn(40L);
              method.visitVarInsn(Opcodes.LSTORE, 1);
              method.visitLdcInsn(1.5);
              method.visitVarInsn(Opcodes.DSTORE, 3);
              Label loop = new Label();
              method.visitLabel(loop);
              method.visitVarInsn(Opcodes.LLOAD, 1);
              method.visitVarInsn(Opcodes.DLOAD, 3);
              method.visitInsn(Opcodes.D2L);
              method.visitInsn(Opcodes.LADD);
              method.visitVarInsn(Opcodes.LSTORE, 1);
              method.visitIincInsn(0, -1);
              method.visitVarInsn(Opcodes.ILOAD, 0);
              method.visitJumpInsn(Opcodes.IFGE, loop);
              method.visitVarInsn(Opcodes.LLOAD, 1);
              method.visitInsn(Opcodes.LRETURN);
            });
    check(classes, "enter", "exit Long:5 null", "result 42");
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_4, Opcodes.V1_8, Opcodes.V17})
  void argumentSlotOfAnotherType_thrown(int version) throws Exception {
    Map<String, byte[]> classes =
        target(
            version,
            "(Ljava/lang/String;)J",
            method -> {
              method.visitInsn(Opcodes.ICONST_2);
              method.visitVarInsn(Opcodes.ISTORE, 0);
              Label loop = new Label();
              method.visitLabel(loop);
              method.visitIincInsn(0, -1);
              method.visitVarInsn(Opcodes.ILOAD, 0);
              method.visitJumpInsn(Opcodes.IFGT, loop);
              method.visitVarInsn(Opcodes.ILOAD, 0);
              method.visitInsn(Opcodes.I2L);
              method.visitInsn(Opcodes.LRETURN);
            });
    check(classes, "enter", "exit Long:5 null", "result 0");
  }

  @Test
  void classWithoutFrames_asBeforeJava6() throws Exception {
    Sources sources =
        Sources.of(
            8,
            """
            public class Target implements java.util.concurrent.Callable<String> {
              public String call() { return "" + m(3) + m(0); }
              static int m(int n) {
                try { while (true) { if (n == 0) throw new IllegalStateException(); n--; if (n == 1) return n; } }
                catch (IllegalStateException e) { return -1; }
              }
            }
            """);
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(sources.classes.get("Target"))
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public void visit(
                  int version,
                  int access,
                  String name,
                  String signature,
                  String superName,
                  String[] interfaces) {
                super.visit(Opcodes.V1_5, access, name, signature, superName, interfaces);
              }
            },
            ClassReader.SKIP_FRAMES);
    Map<String, byte[]> classes = new TreeMap<>(ADVICE.classes);
    classes.put("Target", writer.toByteArray());
    check(classes, "enter", "exit Long:5 null", "enter", "exit Long:5 null", "result 1-1");
    List<Rule> missed = new ArrayList<>();
    byte[] woven = ClassWeaver.weave(classes.get("Target"), ADVICE.rules, true, false, missed);
    assertEquals(Opcodes.V1_5, woven[7]);
    assertTrue(missed.isEmpty());
  }
}
