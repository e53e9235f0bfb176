package io.sonde.agent.pprof;

import io.sonde.exporters.endpoint.Page;
import io.sonde.exporters.endpoint.Request;
import io.sonde.exporters.endpoint.Response;
import io.sonde.profiler.pprof.FrameKind;
import io.sonde.profiler.pprof.Profile;
import io.sonde.profiler.pprof.ProfileType;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * Live objects by class, as the JVM counts them after a collection: the application stands still
 * meanwhile, so nobody gets this who has not asked for the collection.
 */
final class HeapPage implements Page {
  private static final long LONGEST_MILLIS = 60_000;
  private static final Pattern LINE =
      Pattern.compile("^ *\\d+: +(\\d+) +(\\d+) +(\\S+)", Pattern.MULTILINE);

  private final Semaphore one = new Semaphore(1);

  @Override
  public long moreMillis(Request request) {
    return LONGEST_MILLIS;
  }

  @Override
  public void answer(Request request, Response response) throws IOException {
    String gc = request.parameter("gc");
    if (gc == null || gc.equals("0")) {
      response.text(
          501,
          PprofPages.SHOWN,
          "live objects by class: ?gc=1, which collects garbage first while the application stands"
              + " still; allocations by stack: /debug/pprof/allocs");
    } else if (!one.tryAcquire()) {
      response.text(503, PprofPages.SHOWN, "somebody counts the heap already");
    } else {
      try {
        response.bytes(PprofPages.PROTOBUF, profile(histogram()));
      } catch (JMException | LinkageError | IllegalArgumentException e) {
        response.text(501, PprofPages.SHOWN, "this JVM does not count its heap: " + e);
      } finally {
        one.release();
      }
    }
  }

  private static String histogram() throws JMException {
    return String.valueOf(
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()}));
  }

  private static byte[] profile(String histogram) {
    Profile profile = new Profile(ProfileType.LIVE);
    int[] frame = new int[1];
    Matcher line = LINE.matcher(histogram);
    while (line.find()) {
      frame[0] = profile.frame(line.group(3), "", null, null, 0, FrameKind.CLASS);
      profile.add(
          profile.stack(frame, 1, false),
          0,
          0,
          0,
          null,
          Long.parseLong(line.group(1)),
          Long.parseLong(line.group(2)));
    }
    return profile.encode(System.currentTimeMillis() * 1_000_000, 0);
  }
}
