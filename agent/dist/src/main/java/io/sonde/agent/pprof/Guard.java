package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Caller;
import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a page from those it is not for: stacks tell much of an application, and a profiler or a
 * collection of garbage costs it something, which a port that was opened for scrapes must not do.
 */
final class Guard implements Page {
  private final Page page;
  private final Endpoint endpoint;
  private final Served served;

  Guard(Page page, Endpoint endpoint, Served served) {
    this.page = page;
    this.endpoint = endpoint;
    this.served = served;
  }

  @Override
  public long moreMillis(Request request) {
    return page.moreMillis(request);
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    String refusal = refusal(request);
    if (refusal == null) {
      page.answer(request, response);
    } else {
      response.text(403, PprofPages.SHOWN, refusal);
    }
  }

  private @Nullable String refusal(Request request) {
    boolean local = endpoint.isLocal();
    if (Caller.isForeign(request)) {
      return "not for pages of other sites: enter the address by hand, or use go tool pprof";
    }
    if (local && !Caller.namesLoopback(request, endpoint.host())) {
      return "this is a loopback address, so ask for localhost or 127.0.0.1 and no other name";
    }
    return local || endpoint.asksForPassword() || served == Served.ON
        ? null
        : "profiles are for a loopback address (SONDE_HTTP_HOST), or for whoever knows"
            + " SONDE_HTTP_USER and SONDE_HTTP_PASSWORD, where those are set; SONDE_PPROF=on gives"
            + " them to everybody who reaches this port";
  }
}
