package io.sonde.soak;

/** What a server is like for a while. */
enum Weather {
  /** It takes what comes. */
  FAIR,
  /** Nothing listens. */
  AWAY,
  /** It takes what comes, three seconds later. */
  SLOW,
  /** It reads the request and never answers. */
  SILENT,
  /** Status 500. */
  FAILING,
  /** Status 429, to come again in two seconds. */
  BUSY,
  /** Status 400. */
  REFUSING,
  /** Status 401. */
  UNAUTHORIZED,
  /** Status 302, to itself. */
  REDIRECTING,
  /** No HTTP. */
  GARBAGE,
  /** It reads the request and breaks the connection. */
  RESETTING,
  /** Status 206 with a body that has no end: a client may or may not count it as taken. */
  ENDLESS
}
