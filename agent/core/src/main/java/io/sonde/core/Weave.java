package io.sonde.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the methods that an instrumentation class is woven into.
 *
 * <p>The annotated class holds at most one static method with Byte Buddy's
 * {@code @Advice.OnMethodEnter} and one with {@code @Advice.OnMethodExit}; the weaver calls them,
 * they are never inlined. Where {@link #call} is set, it holds a static method {@code call} instead
 * that takes the place of that call inside the method.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@Repeatable(Weave.All.class)
public @interface Weave {
  /**
   * Exact names of the target classes, or {@code "@role"} for classes that {@link Discovery} shows
   * under that role.
   */
  String[] type();

  /**
   * Methods as {@code name(type,type)}; {@code <init>} for a constructor, which can only be left,
   * not entered. Where the library speaks of jakarta packages, javax in here means that.
   */
  String[] method();

  /** A call inside the method to replace, as {@code owner.name(type,type)}. */
  String call() default "";

  /** Whether the target class gets a field for {@link Attached}, where it is not loaded yet. */
  boolean state() default false;

  /**
   * Whether the method may be missing without a word, since another rule knows it by another form.
   */
  boolean optional() default false;

  /** Several {@link Weave} on one class. */
  @Retention(RetentionPolicy.CLASS)
  @Target(ElementType.TYPE)
  @interface All {
    /** The rules. */
    Weave[] value();
  }
}
