package io.sonde.core;

import java.lang.annotation.ElementType;
import java.lang.annotation.Repeatable;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names classes that have a role of {@link Discovery} for certain, so that its rules are woven into
 * them as they are loaded and nothing has to be found first.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@Repeatable(Member.All.class)
public @interface Member {
  /** The role, without its @. */
  String role();

  /** Exact names of the classes. */
  String[] type() default {};

  /**
   * Whether they get a field for {@link Attached}; of a class and its super class only one may have
   * it.
   */
  boolean state() default false;

  /**
   * An interface: what implements it and is loaded before the agent has the role, too; of what is
   * loaded later, the classes that name it themselves and whose names end like its own.
   */
  String loaded() default "";

  /** Several {@link Member} on one class. */
  @Retention(RetentionPolicy.CLASS)
  @Target(ElementType.TYPE)
  @interface All {
    /** The members. */
    Member[] value();
  }
}
