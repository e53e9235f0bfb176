package app;

import java.net.URI;

/** One of the library's clients. */
interface Client {
  /** Sends and returns the status. */
  int send(String method, URI uri) throws Exception;

  /** Sends a GET whose request names no host. */
  int relative(URI uri) throws Exception;

  /** The smallest client there is, or -1 where there is none. */
  default int minimal(URI uri) throws Exception {
    return -1;
  }

  /** Sends and gives up; false where this client cannot. */
  default boolean cancel(URI uri) throws Exception {
    return false;
  }

  /** Sends and runs this in the callback; false where there are no callbacks. */
  default boolean callback(URI uri, Runnable inside) throws Exception {
    return false;
  }
}
