package app;

import java.net.URI;

/** One way of sending a GET: with so much patience, and with credentials when it is asked for them. */
interface Caller {
  String USER = "user";
  String PASSWORD = "password";

  /** Sends and returns the status. */
  int get(URI uri) throws Exception;
}
