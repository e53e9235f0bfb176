package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.profiler.ThreadDump;
import java.io.IOException;

/** Where all threads are: works on every JVM, without a profiler. */
final class ThreadsPage implements Page {
  @Override
  public void answer(Request request, Response response) throws IOException {
    String debug = request.parameter("debug");
    if (request.parameter("seconds") != null) {
      response.text(400, PprofPages.SHOWN, "a thread dump is of now: no seconds");
    } else if (debug == null || debug.equals("0")) {
      response.bytes(PprofPages.PROTOBUF, ThreadDump.take().pprof());
    } else if (debug.equals("1")) {
      response.text(200, ThreadDump.take().byStack());
    } else {
      response.text(200, ThreadDump.take().byThread());
    }
  }
}
