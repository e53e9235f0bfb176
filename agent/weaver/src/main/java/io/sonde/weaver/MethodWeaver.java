package io.sonde.weaver;

import io.sonde.weaver.Rule.Hook;
import java.util.Arrays;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.jar.asm.TypePath;
import org.jspecify.annotations.Nullable;

/**
 * Puts a fenced call before and after one method's body.
 *
 * <p>Behind the method's own arguments a few locals are inserted: what enter returned, copies of
 * the arguments that exit wants, the returned value, the exception, and one slot of padding for
 * bodies that let a long straddle that border. The body's locals move up by as many slots. Each
 * call of ours has a handler around it that tells {@link io.sonde.core.Fence} and goes on. Needs
 * expanded frames and a writer that computes the maxima.
 */
final class MethodWeaver extends MethodVisitor {
  private static final String FENCE = "io/sonde/core/Fence";

  private final Rule rule;
  private final boolean isStatic;
  private final boolean constructor;
  private final boolean frames;
  private final String owner;
  private final Type[] arguments;
  private final Type returned;

  private final int argumentSlots;
  private final int[] argumentSlot;
  private final Object[] argumentFrame;

  private final Type enterType;
  private final int enterSlot;
  private final int[] copySlot;
  private final int returnSlot;
  private final int thrownSlot;
  private final int shift;
  private final Object[] inserted;

  private final Label start = new Label();
  private final Label end = new Label();
  private final Label leave = new Label();
  private boolean returns;

  MethodWeaver(
      MethodVisitor next,
      Rule rule,
      int access,
      String owner,
      String name,
      String descriptor,
      boolean frames) {
    super(Opcodes.ASM9, next);
    this.rule = rule;
    this.owner = owner;
    this.frames = frames;
    isStatic = (access & Opcodes.ACC_STATIC) != 0;
    constructor = name.equals("<init>");
    arguments = Type.getArgumentTypes(descriptor);
    returned = Type.getReturnType(descriptor);

    argumentSlot = new int[arguments.length];
    argumentFrame = new Object[arguments.length + (isStatic ? 0 : 1)];
    int slot = 0;
    int entry = 0;
    if (!isStatic) {
      argumentFrame[entry++] = constructor ? Opcodes.UNINITIALIZED_THIS : owner;
      slot++;
    }
    for (int i = 0; i < arguments.length; i++) {
      argumentSlot[i] = slot;
      argumentFrame[entry++] = frameType(arguments[i]);
      slot += arguments[i].getSize();
    }
    argumentSlots = slot;

    Object[] locals = new Object[arguments.length + 6];
    int count = 0;
    enterType = rule.enter == null ? Type.VOID_TYPE : Type.getReturnType(rule.enter.descriptor);
    enterSlot = slot;
    if (enterType != Type.VOID_TYPE) {
      locals[count++] = frameType(enterType);
      slot += enterType.getSize();
    }
    copySlot = new int[arguments.length + 1];
    Arrays.fill(copySlot, -1);
    if (rule.exit != null) {
      for (String source : rule.exit.sources) {
        int index = copyIndex(source);
        if (index >= 0 && copySlot[index] < 0) {
          copySlot[index] = slot;
          Type type = sourceType(index);
          locals[count++] = frameType(type);
          slot += type.getSize();
        }
      }
    }
    returnSlot = slot;
    slot += returned.getSize();
    thrownSlot = slot++;
    shift = slot + 1 - argumentSlots;
    inserted = Arrays.copyOf(locals, count);
  }

  /**
   * The index in {@link #copySlot} of what an exit parameter takes from the method's arguments, or
   * -1.
   */
  private int copyIndex(String source) {
    char kind = source.charAt(0);
    if (kind == 't') {
      return isStatic || constructor ? -1 : arguments.length;
    }
    return kind >= '0' && kind <= '9' ? Integer.parseInt(source) : -1;
  }

  private Type sourceType(int copyIndex) {
    return copyIndex == arguments.length ? Type.getObjectType(owner) : arguments[copyIndex];
  }

  private static Object frameType(Type type) {
    switch (type.getSort()) {
      case Type.BOOLEAN:
      case Type.BYTE:
      case Type.CHAR:
      case Type.SHORT:
      case Type.INT:
        return Opcodes.INTEGER;
      case Type.LONG:
        return Opcodes.LONG;
      case Type.FLOAT:
        return Opcodes.FLOAT;
      case Type.DOUBLE:
        return Opcodes.DOUBLE;
      default:
        return type.getInternalName();
    }
  }

  @Override
  public void visitCode() {
    super.visitCode();
    if (rule.exit != null) {
      copyArguments();
    }
    if (rule.enter != null) {
      enter(rule.enter);
    }
    mv.visitLabel(start);
  }

  private void copyArguments() {
    for (int i = 0; i < copySlot.length; i++) {
      if (copySlot[i] >= 0) {
        Type type = sourceType(i);
        mv.visitVarInsn(type.getOpcode(Opcodes.ILOAD), i == arguments.length ? 0 : argumentSlot[i]);
        mv.visitVarInsn(type.getOpcode(Opcodes.ISTORE), copySlot[i]);
      }
    }
  }

  private void enter(Hook hook) {
    Label from = new Label();
    Label to = new Label();
    Label after = new Label();
    if (enterType != Type.VOID_TYPE) {
      pushDefault(enterType);
      mv.visitVarInsn(enterType.getOpcode(Opcodes.ISTORE), enterSlot);
    }
    mv.visitLabel(from);
    Type[] parameters = Type.getArgumentTypes(hook.descriptor);
    for (int i = 0; i < parameters.length; i++) {
      String source = hook.sources[i];
      if (source.charAt(0) == 't') {
        load(isStatic ? null : Type.getObjectType(owner), 0, parameters[i]);
      } else {
        int index = Integer.parseInt(source);
        load(arguments[index], argumentSlot[index], parameters[i]);
      }
    }
    call(hook);
    if (enterType != Type.VOID_TYPE) {
      mv.visitVarInsn(enterType.getOpcode(Opcodes.ISTORE), enterSlot);
      if (hook.replacesArgument >= 0) {
        replaceArgument(hook.replacesArgument);
      }
    }
    mv.visitLabel(to);
    mv.visitJumpInsn(Opcodes.GOTO, after);
    handler(from, to, argumentFrame, false);
    mv.visitLabel(after);
    frame(argumentFrame, false, new Object[0]);
    mv.visitInsn(Opcodes.NOP);
    if (hook.skips) {
      mv.visitVarInsn(Opcodes.ALOAD, enterSlot);
      Label body = new Label();
      mv.visitJumpInsn(Opcodes.IFNULL, body);
      if (returned != Type.VOID_TYPE) {
        pushDefault(returned);
        mv.visitVarInsn(returned.getOpcode(Opcodes.ISTORE), returnSlot);
      }
      mv.visitJumpInsn(Opcodes.GOTO, leave);
      returns = true;
      mv.visitLabel(body);
      frame(argumentFrame, false, new Object[0]);
      mv.visitInsn(Opcodes.NOP);
    }
  }

  /** What enter returned takes the argument's place, unless it is null. */
  private void replaceArgument(int index) {
    Label keep = new Label();
    mv.visitVarInsn(Opcodes.ALOAD, enterSlot);
    mv.visitJumpInsn(Opcodes.IFNULL, keep);
    mv.visitVarInsn(Opcodes.ALOAD, enterSlot);
    mv.visitTypeInsn(Opcodes.CHECKCAST, arguments[index].getInternalName());
    if (copySlot[index] >= 0) {
      mv.visitInsn(Opcodes.DUP);
      mv.visitVarInsn(Opcodes.ASTORE, copySlot[index]);
    }
    mv.visitVarInsn(Opcodes.ASTORE, argumentSlot[index]);
    mv.visitLabel(keep);
    frame(argumentFrame, false, new Object[0]);
  }

  private void handler(Label from, Label to, Object[] argumentLocals, boolean withReturn) {
    Label handler = new Label();
    mv.visitTryCatchBlock(from, to, handler, "java/lang/Throwable");
    mv.visitLabel(handler);
    frame(argumentLocals, withReturn, new Object[] {"java/lang/Throwable"});
    mv.visitLdcInsn(rule.id);
    mv.visitMethodInsn(Opcodes.INVOKESTATIC, FENCE, "failed", "(Ljava/lang/Throwable;I)V", false);
  }

  private void call(Hook hook) {
    mv.visitMethodInsn(Opcodes.INVOKESTATIC, rule.advice, hook.name, hook.descriptor, false);
  }

  /**
   * Loads a local of type {@code from} for a parameter of type {@code to}; null where there is
   * nothing to load.
   */
  private void load(@Nullable Type from, int slot, Type to) {
    if (from == null) {
      pushDefault(to);
      return;
    }
    mv.visitVarInsn(from.getOpcode(Opcodes.ILOAD), slot);
    boolean fromReference = from.getSort() >= Type.ARRAY;
    boolean toReference = to.getSort() >= Type.ARRAY;
    if (fromReference != toReference || !fromReference && !from.equals(to)) {
      throw new WeaveException("cannot pass " + from.getClassName() + " as " + to.getClassName());
    }
    if (toReference && !to.equals(from) && !to.getInternalName().equals("java/lang/Object")) {
      mv.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private void pushDefault(Type type) {
    switch (type.getSort()) {
      case Type.LONG:
        mv.visitInsn(Opcodes.LCONST_0);
        break;
      case Type.FLOAT:
        mv.visitInsn(Opcodes.FCONST_0);
        break;
      case Type.DOUBLE:
        mv.visitInsn(Opcodes.DCONST_0);
        break;
      case Type.ARRAY:
      case Type.OBJECT:
        mv.visitInsn(Opcodes.ACONST_NULL);
        break;
      default:
        mv.visitInsn(Opcodes.ICONST_0);
    }
  }

  /**
   * A frame at a place of ours: the given arguments, what is inserted, and perhaps the returned
   * value.
   */
  private void frame(Object[] argumentLocals, boolean withReturn, Object[] stack) {
    if (!frames) {
      return;
    }
    int extra = withReturn && returned != Type.VOID_TYPE ? 1 : 0;
    Object[] locals =
        Arrays.copyOf(argumentLocals, argumentLocals.length + inserted.length + extra);
    System.arraycopy(inserted, 0, locals, argumentLocals.length, inserted.length);
    if (extra == 1) {
      locals[locals.length - 1] = frameType(returned);
    }
    mv.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
  }

  @Override
  public void visitInsn(int opcode) {
    if (rule.exit != null && opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      returns = true;
      if (returned != Type.VOID_TYPE) {
        mv.visitVarInsn(returned.getOpcode(Opcodes.ISTORE), returnSlot);
      }
      mv.visitJumpInsn(Opcodes.GOTO, leave);
    } else {
      super.visitInsn(opcode);
    }
  }

  @Override
  public void visitMaxs(int maxStack, int maxLocals) {
    mv.visitLabel(end);
    if (rule.exit != null) {
      if (returns) {
        exitNormally(rule.exit);
      }
      if (rule.exit.onThrow && !constructor) {
        exitThrowing(rule.exit);
      }
    } else if (returns) {
      mv.visitLabel(leave);
      frame(argumentsForgotten(), true, new Object[0]);
      giveBack();
    }
    super.visitMaxs(maxStack, maxLocals);
  }

  private void exitNormally(Hook hook) {
    Object[] locals = argumentsForgotten();
    mv.visitLabel(leave);
    frame(locals, true, new Object[0]);
    Label from = new Label();
    Label to = new Label();
    Label after = new Label();
    mv.visitLabel(from);
    loadExit(hook, true);
    call(hook);
    dropOrReplace(hook, true);
    mv.visitLabel(to);
    mv.visitJumpInsn(Opcodes.GOTO, after);
    handler(from, to, locals, true);
    mv.visitLabel(after);
    frame(locals, true, new Object[0]);
    giveBack();
  }

  private void giveBack() {
    if (returned != Type.VOID_TYPE) {
      mv.visitVarInsn(returned.getOpcode(Opcodes.ILOAD), returnSlot);
    }
    mv.visitInsn(returned.getOpcode(Opcodes.IRETURN));
  }

  private void exitThrowing(Hook hook) {
    Object[] locals = argumentsForgotten();
    Label caught = new Label();
    mv.visitTryCatchBlock(start, end, caught, "java/lang/Throwable");
    mv.visitLabel(caught);
    frame(locals, false, new Object[] {"java/lang/Throwable"});
    mv.visitVarInsn(Opcodes.ASTORE, thrownSlot);
    if (returned != Type.VOID_TYPE) {
      pushDefault(returned);
      mv.visitVarInsn(returned.getOpcode(Opcodes.ISTORE), returnSlot);
    }
    Label from = new Label();
    Label to = new Label();
    Label after = new Label();
    mv.visitLabel(from);
    loadExit(hook, false);
    call(hook);
    dropOrReplace(hook, false);
    mv.visitLabel(to);
    mv.visitJumpInsn(Opcodes.GOTO, after);
    Label failed = new Label();
    mv.visitTryCatchBlock(from, to, failed, "java/lang/Throwable");
    mv.visitLabel(failed);
    throwingFrame(locals, new Object[] {"java/lang/Throwable"});
    mv.visitLdcInsn(rule.id);
    mv.visitMethodInsn(Opcodes.INVOKESTATIC, FENCE, "failed", "(Ljava/lang/Throwable;I)V", false);
    mv.visitLabel(after);
    throwingFrame(locals, new Object[0]);
    mv.visitVarInsn(Opcodes.ALOAD, thrownSlot);
    mv.visitInsn(Opcodes.ATHROW);
  }

  private void throwingFrame(Object[] argumentLocals, Object[] stack) {
    if (!frames) {
      return;
    }
    int extra = returned == Type.VOID_TYPE ? 0 : 1;
    int count = argumentLocals.length + inserted.length;
    Object[] locals = Arrays.copyOf(argumentLocals, count + extra + 1);
    System.arraycopy(inserted, 0, locals, argumentLocals.length, inserted.length);
    if (extra == 1) {
      locals[count] = frameType(returned);
    }
    locals[count + extra] = "java/lang/Throwable";
    mv.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
  }

  private void loadExit(Hook hook, boolean normal) {
    Type[] parameters = Type.getArgumentTypes(hook.descriptor);
    for (int i = 0; i < parameters.length; i++) {
      Type to = parameters[i];
      String source = hook.sources[i];
      switch (source.charAt(0)) {
        case 'e':
          load(enterType == Type.VOID_TYPE ? null : enterType, enterSlot, to);
          break;
        case 'r':
          load(returned == Type.VOID_TYPE ? null : returned, returnSlot, to);
          break;
        case 'x':
          load(normal ? null : Type.getObjectType("java/lang/Throwable"), thrownSlot, to);
          break;
        case 't':
          load(
              isStatic ? null : Type.getObjectType(owner),
              constructor || isStatic ? 0 : copySlot[arguments.length],
              to);
          break;
        default:
          int index = Integer.parseInt(source);
          load(arguments[index], copySlot[index], to);
      }
    }
  }

  private void dropOrReplace(Hook hook, boolean normal) {
    Type result = Type.getReturnType(hook.descriptor);
    if (result == Type.VOID_TYPE) {
      return;
    }
    if (hook.replacesReturn && normal) {
      replaceReturned(result);
    } else {
      mv.visitInsn(result.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    }
  }

  /** What exit returned takes the returned value's place, unless it is null. */
  private void replaceReturned(Type result) {
    if (result.getSort() < Type.ARRAY || returned.getSort() < Type.ARRAY) {
      throw new WeaveException(
          "cannot return " + result.getClassName() + " as " + returned.getClassName());
    }
    Label keep = new Label();
    mv.visitVarInsn(Opcodes.ASTORE, thrownSlot);
    mv.visitVarInsn(Opcodes.ALOAD, thrownSlot);
    mv.visitJumpInsn(Opcodes.IFNULL, keep);
    mv.visitVarInsn(Opcodes.ALOAD, thrownSlot);
    mv.visitTypeInsn(Opcodes.CHECKCAST, returned.getInternalName());
    mv.visitVarInsn(Opcodes.ASTORE, returnSlot);
    mv.visitLabel(keep);
    frame(argumentsForgotten(), true, new Object[0]);
  }

  /**
   * The body may have put anything into the argument slots; only a constructor's this is certain.
   */
  private Object[] argumentsForgotten() {
    Object[] locals = new Object[argumentSlots];
    Arrays.fill(locals, Opcodes.TOP);
    if (constructor) {
      locals[0] = owner;
    }
    return locals;
  }

  // The body's own locals, moved up.

  private int moved(int slot, int size) {
    return slot + size <= argumentSlots ? slot : slot + shift;
  }

  @Override
  public void visitVarInsn(int opcode, int slot) {
    boolean wide =
        opcode == Opcodes.LLOAD
            || opcode == Opcodes.DLOAD
            || opcode == Opcodes.LSTORE
            || opcode == Opcodes.DSTORE;
    super.visitVarInsn(opcode, moved(slot, wide ? 2 : 1));
  }

  @Override
  public void visitIincInsn(int slot, int increment) {
    super.visitIincInsn(moved(slot, 1), increment);
  }

  @Override
  public void visitLocalVariable(
      String name, String descriptor, @Nullable String signature, Label from, Label to, int slot) {
    int size = descriptor.equals("J") || descriptor.equals("D") ? 2 : 1;
    super.visitLocalVariable(name, descriptor, signature, from, to, moved(slot, size));
  }

  @Override
  public net.bytebuddy.jar.asm.@Nullable AnnotationVisitor visitLocalVariableAnnotation(
      int typeRef,
      @Nullable TypePath typePath,
      Label[] from,
      Label[] to,
      int[] slots,
      String descriptor,
      boolean visible) {
    // Debug information of no use at run time; its slots would have to move too.
    return null;
  }

  @Override
  public void visitFrame(
      int type, int localCount, Object[] locals, int stackCount, Object[] stack) {
    Object[] all = new Object[argumentSlots + inserted.length + localCount + shift + 1];
    int count = 0;
    int slot = 0;
    int next = 0;
    Object straddling = null;
    while (slot < argumentSlots) {
      Object local = next < localCount ? locals[next++] : Opcodes.TOP;
      int size = local == Opcodes.LONG || local == Opcodes.DOUBLE ? 2 : 1;
      if (slot + size > argumentSlots) {
        straddling = local;
        local = Opcodes.TOP;
        size = 1;
      }
      all[count++] = local;
      slot += size;
    }
    for (Object local : inserted) {
      all[count++] = local;
    }
    if (next < localCount || straddling != null) {
      for (int i = returnSlot; i < argumentSlots + shift - 1; i++) {
        all[count++] = Opcodes.TOP;
      }
      all[count++] = straddling == null ? Opcodes.TOP : straddling;
      while (next < localCount) {
        all[count++] = locals[next++];
      }
    }
    super.visitFrame(Opcodes.F_NEW, count, Arrays.copyOf(all, count), stackCount, stack);
  }
}
