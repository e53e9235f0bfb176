package io.sonde.weaver;

import java.util.Arrays;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;

/**
 * Where a woven method keeps what, and what the verifier is told of it.
 *
 * <p>Behind the method's own arguments a few locals are inserted: what enter returned, copies of
 * the arguments that exit wants, the returned value, the exception, and one slot of padding for
 * bodies that let a long straddle that border. The body's locals move up by as many slots.
 */
final class Slots {
  final boolean isStatic;
  final boolean constructor;
  final String owner;
  final Type[] arguments;
  final Type returned;
  final Type enterType;

  final int[] argument;
  final int enter;

  /** Copies of arguments by their index, and of this behind them; -1 where none is wanted. */
  final int[] copy;

  final int value;
  final int thrown;

  private final int argumentSlots;
  private final Object[] argumentFrame;
  private final int shift;
  private final Object[] inserted;
  private final boolean frames;

  Slots(Rule rule, int access, String owner, String name, String descriptor, boolean frames) {
    this.owner = owner;
    this.frames = frames;
    isStatic = (access & Opcodes.ACC_STATIC) != 0;
    constructor = name.equals("<init>");
    arguments = Type.getArgumentTypes(descriptor);
    returned = Type.getReturnType(descriptor);

    argument = new int[arguments.length];
    argumentFrame = new Object[arguments.length + (isStatic ? 0 : 1)];
    int slot = 0;
    int entry = 0;
    if (!isStatic) {
      argumentFrame[entry++] = constructor ? Opcodes.UNINITIALIZED_THIS : owner;
      slot++;
    }
    for (int i = 0; i < arguments.length; i++) {
      argument[i] = slot;
      argumentFrame[entry++] = frameType(arguments[i]);
      slot += arguments[i].getSize();
    }
    argumentSlots = slot;

    Object[] locals = new Object[arguments.length + 6];
    int count = 0;
    enterType = rule.enter == null ? Type.VOID_TYPE : Type.getReturnType(rule.enter.descriptor);
    enter = slot;
    if (enterType != Type.VOID_TYPE) {
      locals[count++] = frameType(enterType);
      slot += enterType.getSize();
    }
    copy = new int[arguments.length + 1];
    Arrays.fill(copy, -1);
    if (rule.exit != null) {
      for (String source : rule.exit.sources) {
        int index = copyIndex(source);
        if (index >= 0 && copy[index] < 0) {
          copy[index] = slot;
          Type type = sourceType(index);
          locals[count++] = frameType(type);
          slot += type.getSize();
        }
      }
    }
    value = slot;
    slot += returned.getSize();
    thrown = slot++;
    shift = slot + 1 - argumentSlots;
    inserted = Arrays.copyOf(locals, count);
  }

  /**
   * The index in {@link #copy} of what an exit parameter takes from the method's arguments, or -1.
   */
  private int copyIndex(String source) {
    char kind = source.charAt(0);
    if (kind == 't') {
      return isStatic || constructor ? -1 : arguments.length;
    }
    return kind >= '0' && kind <= '9' ? Integer.parseInt(source) : -1;
  }

  Type sourceType(int copyIndex) {
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

  /** A frame in front of the body: the arguments as they came. */
  void frameBefore(MethodVisitor to, Object... stack) {
    frame(to, argumentFrame, false, stack);
  }

  /** A frame behind the body, where it has returned. */
  void frameReturned(MethodVisitor to, Object... stack) {
    frame(to, argumentsForgotten(), true, stack);
  }

  /** A frame behind the body, where it has thrown and nothing is stored yet. */
  void frameCaught(MethodVisitor to) {
    frame(to, argumentsForgotten(), false, "java/lang/Throwable");
  }

  /**
   * A frame at a place of ours: the given arguments, what is inserted, and perhaps the returned
   * value.
   */
  private void frame(
      MethodVisitor to, Object[] argumentLocals, boolean withReturn, Object... stack) {
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
    to.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
  }

  /** A frame behind the body, where the exception and a value to give to exit are stored. */
  void frameThrown(MethodVisitor to, Object... stack) {
    Object[] argumentLocals = argumentsForgotten();
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
    to.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
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

  /** Where a local of the body is. */
  int moved(int slot, int size) {
    return slot + size <= argumentSlots ? slot : slot + shift;
  }

  /** The body's own frame, with what is inserted. */
  Object[] movedFrame(int localCount, Object[] locals) {
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
      for (int i = value; i < argumentSlots + shift - 1; i++) {
        all[count++] = Opcodes.TOP;
      }
      all[count++] = straddling == null ? Opcodes.TOP : straddling;
      while (next < localCount) {
        all[count++] = locals[next++];
      }
    }
    return Arrays.copyOf(all, count);
  }
}
