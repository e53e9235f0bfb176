package io.sonde.weaver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.jspecify.annotations.Nullable;

/** Weaves the rules of one class into its bytes. */
final class ClassWeaver extends ClassVisitor {
  private static final String ATTACHABLE = "io/sonde/core/Attachable";
  private static final String FIELD = "sonde$attached";
  private static final int NEWEST_KNOWN = Opcodes.V26;

  private final ClassReader reader;
  private final List<Rule> rules;
  private final boolean addState;
  private final boolean loaded;
  private final Set<Rule> hits = new LinkedHashSet<>();
  private String name = "";
  private boolean frames;
  private boolean isInterface;
  private boolean hasState;

  private ClassWeaver(
      ClassVisitor next, ClassReader reader, List<Rule> rules, boolean addState, boolean loaded) {
    super(Opcodes.ASM9, next);
    this.reader = reader;
    this.rules = rules;
    this.addState = addState;
    this.loaded = loaded;
  }

  /**
   * Weaves and returns the new bytes, or null where nothing changes.
   *
   * @param addState whether the class gets its field, which then stays in every later weaving
   * @param loaded whether the class is loaded already
   * @param missed collects the rules that found none of their methods
   */
  static byte @Nullable [] weave(
      byte[] bytes, List<Rule> rules, boolean addState, boolean loaded, List<Rule> missed) {
    int major = major(bytes);
    ClassReader reader = new ClassReader(readable(bytes));
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    ClassWeaver weaver = new ClassWeaver(writer, reader, rules, addState, loaded);
    reader.accept(weaver, ClassReader.EXPAND_FRAMES);
    for (Rule rule : rules) {
      if (!weaver.hits.contains(rule)) {
        missed.add(rule);
      }
    }
    if (!weaver.changed()) {
      return null;
    }
    byte[] woven = writer.toByteArray();
    if (major > NEWEST_KNOWN) {
      version(woven, major);
    }
    return woven;
  }

  /** These bytes, or a copy that says a version which is known. */
  private static byte[] readable(byte[] bytes) {
    if (major(bytes) <= NEWEST_KNOWN) {
      return bytes;
    }
    byte[] readable = bytes.clone();
    version(readable, NEWEST_KNOWN);
    return readable;
  }

  private static int major(byte[] bytes) {
    return (bytes[6] & 0xff) << 8 | bytes[7] & 0xff;
  }

  private static void version(byte[] bytes, int major) {
    bytes[6] = (byte) (major >>> 8);
    bytes[7] = (byte) major;
  }

  @Override
  public void visit(
      int version,
      int access,
      String name,
      @Nullable String signature,
      @Nullable String superName,
      String @Nullable [] interfaces) {
    this.name = name;
    frames = (version & 0xffff) >= Opcodes.V1_6;
    isInterface = (access & Opcodes.ACC_INTERFACE) != 0;
    String[] all = interfaces == null ? new String[0] : interfaces;
    for (String one : all) {
      hasState |= one.equals(ATTACHABLE);
    }
    if (addState && !isInterface && !hasState) {
      List<String> more = new ArrayList<>(Arrays.asList(all));
      more.add(ATTACHABLE);
      all = more.toArray(new String[0]);
    }
    super.visit(version, access, name, signature, superName, all);
  }

  @Override
  public @Nullable MethodVisitor visitMethod(
      int access,
      String method,
      String descriptor,
      @Nullable String signature,
      String @Nullable [] exceptions) {
    MethodVisitor visitor = super.visitMethod(access, method, descriptor, signature, exceptions);
    if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) != 0) {
      return visitor;
    }
    boolean bridge = (access & Opcodes.ACC_BRIDGE) != 0;
    for (int i = rules.size() - 1; i >= 0; i--) {
      Rule rule = rules.get(i);
      if (rule.matches(method, descriptor) && !(bridge && isOverridden(method, descriptor))) {
        hits.add(rule);
        visitor =
            rule.call != null
                ? new CallWeaver(visitor, rule.advice, rule.call)
                : new MethodWeaver(
                    visitor, rule, new Slots(rule, access, name, method, descriptor, frames));
      }
    }
    return visitor;
  }

  /**
   * Whether a bridge calls a method of this class with the same parameters, which differs in what
   * it returns; that one is woven. A bridge to a method of a super class that is not public stays.
   */
  private boolean isOverridden(String method, String descriptor) {
    String parameters = descriptor.substring(0, descriptor.indexOf(')') + 1);
    boolean[] found = new boolean[1];
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String other,
              String itsDescriptor,
              @Nullable String signature,
              String @Nullable [] exceptions) {
            found[0] |=
                (access & Opcodes.ACC_BRIDGE) == 0
                    && other.equals(method)
                    && itsDescriptor.startsWith(parameters);
            return null;
          }
        },
        ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
    return found[0];
  }

  /**
   * What is not hit stays as it is, unless it has a field of ours, which the JVM wants to see
   * again.
   */
  private boolean changed() {
    return !hits.isEmpty() || addState && loaded;
  }

  @Override
  public void visitEnd() {
    if (addState && !isInterface && !hasState && changed()) {
      addState();
    }
    super.visitEnd();
  }

  /**
   * The methods are not final: a class and its super class may both be targets, and then the field
   * of the class that the object is of counts.
   */
  private void addState() {
    String type = "Ljava/lang/Object;";
    int hidden = Opcodes.ACC_SYNTHETIC;
    super.visitField(
            Opcodes.ACC_PRIVATE | Opcodes.ACC_TRANSIENT | Opcodes.ACC_VOLATILE | hidden,
            FIELD,
            type,
            null,
            null)
        .visitEnd();
    MethodVisitor get =
        super.visitMethod(Opcodes.ACC_PUBLIC | hidden, FIELD, "()" + type, null, null);
    get.visitCode();
    get.visitVarInsn(Opcodes.ALOAD, 0);
    get.visitFieldInsn(Opcodes.GETFIELD, name, FIELD, type);
    get.visitInsn(Opcodes.ARETURN);
    get.visitMaxs(0, 0);
    get.visitEnd();
    MethodVisitor set =
        super.visitMethod(Opcodes.ACC_PUBLIC | hidden, FIELD, "(" + type + ")V", null, null);
    set.visitCode();
    set.visitVarInsn(Opcodes.ALOAD, 0);
    set.visitVarInsn(Opcodes.ALOAD, 1);
    set.visitFieldInsn(Opcodes.PUTFIELD, name, FIELD, type);
    set.visitInsn(Opcodes.RETURN);
    set.visitMaxs(0, 0);
    set.visitEnd();
  }

  /** Puts a static method of ours in the place of a call. */
  private static final class CallWeaver extends MethodVisitor {
    private final String advice;
    private final Rule.CallSite site;

    CallWeaver(MethodVisitor next, String advice, Rule.CallSite site) {
      super(Opcodes.ASM9, next);
      this.advice = advice;
      this.site = site;
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String method, String descriptor, boolean isInterface) {
      if (opcode != Opcodes.INVOKESPECIAL
          && opcode != Opcodes.INVOKESTATIC
          && site.matches(owner, method, descriptor)) {
        super.visitMethodInsn(Opcodes.INVOKESTATIC, advice, "call", site.descriptor, false);
      } else {
        super.visitMethodInsn(opcode, owner, method, descriptor, isInterface);
      }
    }
  }
}
