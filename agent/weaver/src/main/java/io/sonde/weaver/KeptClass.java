package io.sonde.weaver;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one class became, and everything that this depended on: its bytes, the rules, whether it got
 * a field, whether it was loaded.
 */
final class KeptClass {
  private static final int STATE = 1;
  private static final int LOADED = 2;

  final String name;

  /** Of the bytes; where the class was loaded, the number of its constants. */
  private final int length;

  private final long sum;
  private final int flags;
  private final int[] rules;

  /** The rules that found none of their methods, by their place among the rules. */
  private final int[] missed;

  /** How long the woven class is; -1 where nothing changed. */
  final int wovenLength;

  private final long wovenSum;

  private KeptClass(
      String name,
      int length,
      long sum,
      int flags,
      int[] rules,
      int[] missed,
      int wovenLength,
      long wovenSum) {
    this.name = name;
    this.length = length;
    this.sum = sum;
    this.flags = flags;
    this.rules = rules;
    this.missed = missed;
    this.wovenLength = wovenLength;
    this.wovenSum = wovenSum;
  }

  static KeptClass of(
      String name,
      byte[] bytes,
      List<Rule> rules,
      boolean state,
      boolean loaded,
      List<Rule> missed,
      byte @Nullable [] woven) {
    int[] places = new int[missed.size()];
    for (int i = 0; i < places.length; i++) {
      places[i] = rules.indexOf(missed.get(i));
    }
    return new KeptClass(
        name,
        loaded ? LoadedForm.constants(bytes) : bytes.length,
        loaded ? LoadedForm.sum(bytes, LoadedForm.constants(bytes)) : Sums.of(bytes),
        flags(state, loaded),
        numbers(rules),
        places,
        woven == null ? -1 : woven.length,
        woven == null ? 0 : Sums.of(woven));
  }

  /** Whether weaving that would come to this. */
  boolean is(byte[] bytes, List<Rule> itsRules, boolean state, boolean loaded) {
    if (flags(state, loaded) != flags || itsRules.size() != rules.length) {
      return false;
    }
    for (int i = 0; i < rules.length; i++) {
      if (number(itsRules.get(i)) != rules[i]) {
        return false;
      }
    }
    return loaded
        ? LoadedForm.constants(bytes) >= length && LoadedForm.sum(bytes, length) == sum
        : bytes.length == length && Sums.of(bytes) == sum;
  }

  boolean isIntact(byte[] woven) {
    return Sums.of(woven) == wovenSum;
  }

  void addMissed(List<Rule> itsRules, List<Rule> to) {
    for (int place : missed) {
      to.add(itsRules.get(place));
    }
  }

  private static int flags(boolean state, boolean loaded) {
    return (state ? STATE : 0) | (loaded ? LOADED : 0);
  }

  private static int[] numbers(List<Rule> rules) {
    int[] numbers = new int[rules.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = number(rules.get(i));
    }
    return numbers;
  }

  private static int number(Rule rule) {
    return rule.id << 1 | (rule.renamed ? 1 : 0);
  }

  void write(DataOutputStream out) throws IOException {
    out.writeUTF(name);
    out.writeInt(length);
    out.writeLong(sum);
    out.writeByte(flags);
    write(rules, out);
    write(missed, out);
    out.writeInt(wovenLength);
    out.writeLong(wovenSum);
  }

  private static void write(int[] numbers, DataOutputStream out) throws IOException {
    out.writeShort(numbers.length);
    for (int number : numbers) {
      out.writeShort(number);
    }
  }

  static KeptClass read(DataInputStream in) throws IOException {
    return new KeptClass(
        in.readUTF(),
        in.readInt(),
        in.readLong(),
        in.readByte(),
        readNumbers(in),
        readNumbers(in),
        in.readInt(),
        in.readLong());
  }

  private static int[] readNumbers(DataInputStream in) throws IOException {
    int[] numbers = new int[in.readUnsignedShort()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = in.readUnsignedShort();
    }
    return numbers;
  }
}
