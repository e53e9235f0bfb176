package io.sonde.exporters.otlp;

/** What came back from a receiver, over HTTP or gRPC. */
interface Reply {
  /** Whether the same request may have more luck later. */
  boolean passes();

  /** How long the receiver asks to wait before the next request; 0 where it does not. */
  long askedMillis();

  /** The same of a reply that OpenTelemetry's exporters have handled as their own. */
  static long askedMillis(Object response) {
    return response instanceof Reply ? ((Reply) response).askedMillis() : 0;
  }

  /** Whether what came back may be something else later; what is not of ours never. */
  static boolean passes(Object response) {
    return response instanceof Reply && ((Reply) response).passes();
  }
}
