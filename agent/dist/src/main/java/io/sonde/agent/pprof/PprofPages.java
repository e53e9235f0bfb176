package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Endpoint;
import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.profiler.Pulled;
import io.sonde.profiler.Pulls;
import java.io.IOException;

/** All pages, and the one that lists them. */
public final class PprofPages implements Page {
  static final String PROTOBUF = "application/octet-stream";

  /** Lets {@code go tool pprof} show the line and not the status alone. */
  static final String SHOWN = "X-Go-Pprof: 1\r\n";

  private static final String PATH = "/debug/pprof/";
  private static final String INDEX =
      "Profiles for go tool pprof http://…/debug/pprof/NAME\n\n"
          + "profile    CPU time of the next ?seconds=, 30 without\n"
          + "allocs     allocations since this was first asked for, or of the next ?seconds=\n"
          + "mutex      waits for a monitor, likewise\n"
          + "block      parked threads inside a span, likewise\n"
          + "wall       all threads by time, likewise, where wall clock is sampled\n"
          + "exceptions what was made of them, likewise, where they are recorded\n"
          + "heap       live objects by class, with ?gc=1 alone: it collects garbage first\n"
          + "goroutine  where each platform thread is now; ?debug=1 or 2 as text";

  private final Endpoint endpoint;
  private final Served served;

  /** To be answered there. */
  public PprofPages(Endpoint endpoint, Served served) {
    this.endpoint = endpoint;
    this.served = served;
  }

  /** Adds them. */
  public void add(Profiles profiles, Pulls pulls) {
    page("", this);
    page("profile", new PulledPage(Pulled.PROFILE, profiles, pulls));
    page("allocs", new PulledPage(Pulled.ALLOCS, profiles, pulls));
    page("mutex", new PulledPage(Pulled.MUTEX, profiles, pulls));
    page("block", new PulledPage(Pulled.BLOCK, profiles, pulls));
    page("wall", new PulledPage(Pulled.WALL, profiles, pulls));
    page("exceptions", new PulledPage(Pulled.EXCEPTIONS, profiles, pulls));
    page("heap", new HeapPage());
    page("goroutine", new ThreadsPage());
  }

  private void page(String name, Page page) {
    endpoint.page(PATH + name, new Guard(page, endpoint, served));
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    response.text(200, INDEX);
  }
}
