package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.profiler.ThreadDump;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;

/** Where all threads are: works on every JVM, without a profiler. */
final class ThreadsPage implements Page {
  private static final long LONGEST_MILLIS = 60_000;

  /** All stacks of a large application take megabytes, and processor time to write. */
  private static final int AT_ONCE = 2;

  private final Semaphore places = new Semaphore(AT_ONCE);

  @Override
  public long moreMillis(Request request) {
    return LONGEST_MILLIS;
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    String debug = request.parameter("debug");
    if (request.parameter("seconds") != null) {
      response.text(400, PprofPages.SHOWN, "a thread dump is of now: no seconds");
    } else if (!places.tryAcquire()) {
      response.text(503, PprofPages.SHOWN, AT_ONCE + " thread dumps are under way already");
    } else if (debug == null || debug.equals("0")) {
      response.bytes(PprofPages.PROTOBUF, pprof());
    } else {
      text(debug.equals("1"), response);
    }
  }

  /** Small: its place is free before it is sent. */
  private byte[] pprof() {
    try {
      return ThreadDump.take().pprof();
    } finally {
      places.release();
    }
  }

  /** As it is written, and within its place until then. */
  private void text(boolean byStack, Response response) throws IOException {
    try {
      ThreadDump dump = ThreadDump.take();
      Writer out =
          new OutputStreamWriter(
              response.begin("text/plain; charset=utf-8"), StandardCharsets.UTF_8);
      if (byStack) {
        dump.byStack(out);
      } else {
        dump.byThread(out);
      }
      out.flush();
    } finally {
      places.release();
    }
  }
}
