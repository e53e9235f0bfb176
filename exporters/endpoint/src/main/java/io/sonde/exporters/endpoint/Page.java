package io.sonde.exporters.endpoint;

import java.io.IOException;

/** What is answered at one path; called on a thread of the endpoint, several at once. */
public interface Page {
  /** Answers; what it throws becomes status 500. */
  void answer(Request request, Response response) throws IOException;

  /** By how much this answer may take longer than others; the page bounds it, and their number. */
  default long moreMillis(Request request) {
    return 0;
  }
}
