package io.sonde.agent.jmx;

/** The rule file says something that is not understood; the message says where and what. */
final class RuleException extends Exception {
  private static final long serialVersionUID = 1;

  RuleException(String message) {
    super(message);
  }
}
