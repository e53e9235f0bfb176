package io.sonde.weaver;

import net.bytebuddy.jar.asm.AnnotationVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.TypePath;
import org.jspecify.annotations.Nullable;

/** Moves the body's own locals up, behind what is inserted. */
class MovedBody extends MethodVisitor {
  final Slots slots;

  MovedBody(MethodVisitor next, Slots slots) {
    super(Opcodes.ASM9, next);
    this.slots = slots;
  }

  @Override
  public void visitVarInsn(int opcode, int slot) {
    boolean wide =
        opcode == Opcodes.LLOAD
            || opcode == Opcodes.DLOAD
            || opcode == Opcodes.LSTORE
            || opcode == Opcodes.DSTORE;
    super.visitVarInsn(opcode, slots.moved(slot, wide ? 2 : 1));
  }

  @Override
  public void visitIincInsn(int slot, int increment) {
    super.visitIincInsn(slots.moved(slot, 1), increment);
  }

  @Override
  public void visitLocalVariable(
      String name, String descriptor, @Nullable String signature, Label from, Label to, int slot) {
    int size = descriptor.equals("J") || descriptor.equals("D") ? 2 : 1;
    super.visitLocalVariable(name, descriptor, signature, from, to, slots.moved(slot, size));
  }

  @Override
  public @Nullable AnnotationVisitor visitLocalVariableAnnotation(
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
    Object[] moved = slots.movedFrame(localCount, locals);
    super.visitFrame(Opcodes.F_NEW, moved.length, moved, stackCount, stack);
  }
}
