package io.sonde.instrumentation.tomcat;

import io.sonde.core.Attached;
import io.sonde.core.ServerSpan;
import io.sonde.core.ServletMappings;
import io.sonde.core.Weave;
import java.util.Arrays;
import net.bytebuddy.asm.Advice;
import org.apache.catalina.Context;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * The route of plain servlets on Tomcat 8.5 to 11: the mapping that led to the servlet, behind the
 * application's path.
 *
 * <p>The default servlet has none, for it stands for everything that is not mapped.
 */
public final class TomcatRoute {
  private static final Attached<ServletMappings> MAPPINGS = new Attached<>();

  private TomcatRoute() {}

  /** A servlet was found. */
  @Weave(
      type = "org.apache.catalina.core.StandardWrapperValve",
      method =
          "invoke(org.apache.catalina.connector.Request,org.apache.catalina.connector.Response)")
  public static final class Invoke {
    private Invoke() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(@Advice.Argument(0) Request request) {
      ServerSpan span = ServerSpan.currentServer();
      Wrapper wrapper = span == null ? null : request.getWrapper();
      if (span != null && wrapper != null && span.route() == null) {
        ServletMappings mappings = MAPPINGS.get(wrapper);
        if (mappings == null) {
          mappings = mappings(request.getContext(), wrapper);
          MAPPINGS.set(wrapper, mappings);
        }
        span.route(mappings.route(request.getServletPath(), request.getPathInfo()), 1);
      }
    }
  }

  /** The mappings of a servlet change. */
  @Weave(
      type = "org.apache.catalina.core.StandardWrapper",
      method = {"addMapping(java.lang.String)", "removeMapping(java.lang.String)"},
      state = true)
  public static final class Mapping {
    private Mapping() {}

    @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
    public static void exit(@Advice.This Wrapper wrapper) {
      MAPPINGS.remove(wrapper);
    }
  }

  private static ServletMappings mappings(@Nullable Context context, Wrapper wrapper) {
    return new ServletMappings(
        context == null ? null : context.getPath(), Arrays.asList(wrapper.findMappings()));
  }
}
