package io.sonde.agent.cli;

/** A command cannot be done; the message is for the user. */
final class CommandException extends RuntimeException {
  private static final long serialVersionUID = 1;

  CommandException(String message) {
    super(message);
  }
}
