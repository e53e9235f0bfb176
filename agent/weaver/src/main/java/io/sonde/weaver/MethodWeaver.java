package io.sonde.weaver;

import io.sonde.weaver.Rule.Hook;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import org.jspecify.annotations.Nullable;

/**
 * Puts a fenced call before and after one method's body.
 *
 * <p>{@link Slots} says where the values are. Each call of ours has a handler around it that tells
 * {@link io.sonde.core.Fence} and goes on. Needs expanded frames and a writer that computes the
 * maxima.
 */
final class MethodWeaver extends MovedBody {
  private static final String FENCE = "io/sonde/core/Fence";

  private final Rule rule;

  private final Label start = new Label();
  private final Label end = new Label();
  private final Label leave = new Label();
  private boolean returns;

  MethodWeaver(MethodVisitor next, Rule rule, Slots slots) {
    super(next, slots);
    this.rule = rule;
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
    for (int i = 0; i < slots.copy.length; i++) {
      if (slots.copy[i] >= 0) {
        Type type = slots.sourceType(i);
        mv.visitVarInsn(
            type.getOpcode(Opcodes.ILOAD), i == slots.arguments.length ? 0 : slots.argument[i]);
        mv.visitVarInsn(type.getOpcode(Opcodes.ISTORE), slots.copy[i]);
      }
    }
  }

  private void enter(Hook hook) {
    Label from = new Label();
    Label to = new Label();
    Label after = new Label();
    if (slots.enterType != Type.VOID_TYPE) {
      pushDefault(slots.enterType);
      mv.visitVarInsn(slots.enterType.getOpcode(Opcodes.ISTORE), slots.enter);
    }
    mv.visitLabel(from);
    Type[] parameters = Type.getArgumentTypes(hook.descriptor);
    for (int i = 0; i < parameters.length; i++) {
      String source = hook.sources[i];
      if (source.charAt(0) == 't') {
        load(slots.isStatic ? null : Type.getObjectType(slots.owner), 0, parameters[i]);
      } else {
        int index = Integer.parseInt(source);
        load(slots.arguments[index], slots.argument[index], parameters[i]);
      }
    }
    call(hook);
    if (slots.enterType != Type.VOID_TYPE) {
      mv.visitVarInsn(slots.enterType.getOpcode(Opcodes.ISTORE), slots.enter);
      if (hook.replacesArgument >= 0) {
        replaceArgument(hook.replacesArgument);
      }
    }
    mv.visitLabel(to);
    mv.visitJumpInsn(Opcodes.GOTO, after);
    handler(from, to, false);
    mv.visitLabel(after);
    slots.frameBefore(mv);
    mv.visitInsn(Opcodes.NOP);
    if (hook.skips) {
      mv.visitVarInsn(Opcodes.ALOAD, slots.enter);
      Label body = new Label();
      mv.visitJumpInsn(Opcodes.IFNULL, body);
      if (slots.returned != Type.VOID_TYPE) {
        pushDefault(slots.returned);
        mv.visitVarInsn(slots.returned.getOpcode(Opcodes.ISTORE), slots.value);
      }
      mv.visitJumpInsn(Opcodes.GOTO, leave);
      returns = true;
      mv.visitLabel(body);
      slots.frameBefore(mv);
      mv.visitInsn(Opcodes.NOP);
    }
  }

  /** What enter returned takes the argument's place, unless it is null. */
  private void replaceArgument(int index) {
    Label keep = new Label();
    mv.visitVarInsn(Opcodes.ALOAD, slots.enter);
    mv.visitJumpInsn(Opcodes.IFNULL, keep);
    mv.visitVarInsn(Opcodes.ALOAD, slots.enter);
    mv.visitTypeInsn(Opcodes.CHECKCAST, slots.arguments[index].getInternalName());
    if (slots.copy[index] >= 0) {
      mv.visitInsn(Opcodes.DUP);
      mv.visitVarInsn(Opcodes.ASTORE, slots.copy[index]);
    }
    mv.visitVarInsn(Opcodes.ASTORE, slots.argument[index]);
    mv.visitLabel(keep);
    slots.frameBefore(mv);
  }

  private void handler(Label from, Label to, boolean returned) {
    Label handler = new Label();
    mv.visitTryCatchBlock(from, to, handler, "java/lang/Throwable");
    mv.visitLabel(handler);
    if (returned) {
      slots.frameReturned(mv, "java/lang/Throwable");
    } else {
      slots.frameBefore(mv, "java/lang/Throwable");
    }
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

  @Override
  public void visitInsn(int opcode) {
    if (rule.exit != null && opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN) {
      returns = true;
      if (slots.returned != Type.VOID_TYPE) {
        mv.visitVarInsn(slots.returned.getOpcode(Opcodes.ISTORE), slots.value);
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
      if (rule.exit.onThrow && !slots.constructor) {
        exitThrowing(rule.exit);
      }
    } else if (returns) {
      mv.visitLabel(leave);
      slots.frameReturned(mv);
      giveBack();
    }
    super.visitMaxs(maxStack, maxLocals);
  }

  private void exitNormally(Hook hook) {
    mv.visitLabel(leave);
    slots.frameReturned(mv);
    Label from = new Label();
    Label to = new Label();
    Label after = new Label();
    mv.visitLabel(from);
    loadExit(hook, true);
    call(hook);
    dropOrReplace(hook, true);
    mv.visitLabel(to);
    mv.visitJumpInsn(Opcodes.GOTO, after);
    handler(from, to, true);
    mv.visitLabel(after);
    slots.frameReturned(mv);
    giveBack();
  }

  private void giveBack() {
    if (slots.returned != Type.VOID_TYPE) {
      mv.visitVarInsn(slots.returned.getOpcode(Opcodes.ILOAD), slots.value);
    }
    mv.visitInsn(slots.returned.getOpcode(Opcodes.IRETURN));
  }

  private void exitThrowing(Hook hook) {
    Label caught = new Label();
    mv.visitTryCatchBlock(start, end, caught, "java/lang/Throwable");
    mv.visitLabel(caught);
    slots.frameCaught(mv);
    mv.visitVarInsn(Opcodes.ASTORE, slots.thrown);
    if (slots.returned != Type.VOID_TYPE) {
      pushDefault(slots.returned);
      mv.visitVarInsn(slots.returned.getOpcode(Opcodes.ISTORE), slots.value);
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
    slots.frameThrown(mv, "java/lang/Throwable");
    mv.visitLdcInsn(rule.id);
    mv.visitMethodInsn(Opcodes.INVOKESTATIC, FENCE, "failed", "(Ljava/lang/Throwable;I)V", false);
    mv.visitLabel(after);
    slots.frameThrown(mv);
    mv.visitVarInsn(Opcodes.ALOAD, slots.thrown);
    mv.visitInsn(Opcodes.ATHROW);
  }

  private void loadExit(Hook hook, boolean normal) {
    Type[] parameters = Type.getArgumentTypes(hook.descriptor);
    for (int i = 0; i < parameters.length; i++) {
      Type to = parameters[i];
      String source = hook.sources[i];
      switch (source.charAt(0)) {
        case 'e':
          load(slots.enterType == Type.VOID_TYPE ? null : slots.enterType, slots.enter, to);
          break;
        case 'r':
          load(slots.returned == Type.VOID_TYPE ? null : slots.returned, slots.value, to);
          break;
        case 'x':
          load(normal ? null : Type.getObjectType("java/lang/Throwable"), slots.thrown, to);
          break;
        case 't':
          load(
              slots.isStatic ? null : Type.getObjectType(slots.owner),
              slots.constructor || slots.isStatic ? 0 : slots.copy[slots.arguments.length],
              to);
          break;
        default:
          int index = Integer.parseInt(source);
          load(slots.arguments[index], slots.copy[index], to);
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
    if (result.getSort() < Type.ARRAY || slots.returned.getSort() < Type.ARRAY) {
      throw new WeaveException(
          "cannot return " + result.getClassName() + " as " + slots.returned.getClassName());
    }
    Label keep = new Label();
    mv.visitVarInsn(Opcodes.ASTORE, slots.thrown);
    mv.visitVarInsn(Opcodes.ALOAD, slots.thrown);
    mv.visitJumpInsn(Opcodes.IFNULL, keep);
    mv.visitVarInsn(Opcodes.ALOAD, slots.thrown);
    mv.visitTypeInsn(Opcodes.CHECKCAST, slots.returned.getInternalName());
    mv.visitVarInsn(Opcodes.ASTORE, slots.value);
    mv.visitLabel(keep);
    slots.frameReturned(mv);
  }
}
