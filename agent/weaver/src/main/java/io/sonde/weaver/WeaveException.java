package io.sonde.weaver;

/** A class cannot be woven as a rule asks; the message is for the report. */
final class WeaveException extends RuntimeException {
  private static final long serialVersionUID = 1;

  WeaveException(String message) {
    super(message, null, false, false);
  }
}
