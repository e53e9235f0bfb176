package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.profiler.Pulled;
import io.sonde.profiler.Pulls;
import java.io.IOException;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** A profile of the next seconds, or of all so far, from the continuous one. */
final class PulledPage implements Page {
  private static final int LONGEST = 600;
  private static final int BY_DEFAULT = 30;

  /** What {@link #seconds} says of a request for all so far. */
  private static final int TOTAL = 0;

  private static final int INVALID = -1;

  private final Pulled what;
  private final Profiles profiles;
  private final Pulls pulls;

  PulledPage(Pulled what, Profiles profiles, Pulls pulls) {
    this.what = what;
    this.profiles = profiles;
    this.pulls = pulls;
  }

  @Override
  public long moreMillis(Request request) {
    return Math.max(0, seconds(request)) * 1000L + Pulls.PATIENCE_MILLIS + Pulls.RARE_MILLIS;
  }

  private int seconds(Request request) {
    String text = request.parameter("seconds");
    if (text == null) {
      return what == Pulled.PROFILE ? BY_DEFAULT : TOTAL;
    }
    try {
      int seconds = Integer.parseInt(text);
      return seconds < 1 || seconds > LONGEST ? INVALID : seconds;
    } catch (NumberFormatException e) {
      return INVALID;
    }
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    int seconds = seconds(request);
    String debug = request.parameter("debug");
    if (seconds == INVALID) {
      response.text(400, PprofPages.SHOWN, "seconds is a whole number of 1 to " + LONGEST);
    } else if (debug != null && !debug.equals("0")) {
      response.text(400, PprofPages.SHOWN, "no text here: go tool pprof -top makes it");
    } else {
      answer(seconds, response);
    }
  }

  private void answer(int seconds, Response response) throws IOException {
    String obstacle = profiles.ensure(what);
    if (obstacle != null) {
      response.text(503, PprofPages.SHOWN, obstacle);
    } else if (!pulls.acquire()) {
      response.text(503, PprofPages.SHOWN, Pulls.MAX + " profiles are under way already");
    } else {
      byte[] pprof;
      try {
        pprof = pull(seconds, () -> profiles.obstacle() == null && !response.isGone());
      } finally {
        pulls.release();
      }
      answer(pprof, response);
    }
  }

  private byte @Nullable [] pull(int seconds, Pulls.Asker asker) throws IOException {
    try {
      return seconds == TOTAL ? pulls.total(what, asker) : pulls.next(what, seconds * 1000L, asker);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("the endpoint ends");
    }
  }

  private void answer(byte @Nullable [] pprof, Response response) throws IOException {
    if (pprof != null) {
      response.bytes(PprofPages.PROTOBUF, pprof);
      return;
    }
    String obstacle = profiles.obstacle();
    response.text(503, PprofPages.SHOWN, obstacle == null ? pulls.late() : obstacle);
  }
}
