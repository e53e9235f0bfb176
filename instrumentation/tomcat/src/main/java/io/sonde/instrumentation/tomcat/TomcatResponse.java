package io.sonde.instrumentation.tomcat;

import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import net.bytebuddy.asm.Advice;
import org.apache.coyote.AbstractProcessor;
import org.apache.coyote.Request;
import org.apache.coyote.Response;

/**
 * The status that is sent and {@code Server-Timing} on Tomcat 8.5 to 11, just before the response's
 * headers are written. Later the status may change, as when a client leaves, but nobody sees that.
 */
@Weave(
    type = {
      "org.apache.coyote.http11.Http11Processor",
      "org.apache.coyote.http2.StreamProcessor",
      "org.apache.coyote.ajp.AjpProcessor"
    },
    method = "prepareResponse()")
public final class TomcatResponse {
  private TomcatResponse() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(@Advice.This AbstractProcessor processor) {
    Request request = processor.getRequest();
    ServerSpan span = TomcatServer.SPANS.get(request);
    if (span == null) {
      return;
    }
    Response response = request.getResponse();
    span.status(response.getStatus());
    String timing = span.serverTiming();
    if (timing != null) {
      response.addHeader("Server-Timing", timing);
      response.addHeader("Access-Control-Expose-Headers", "Server-Timing");
    }
  }
}
