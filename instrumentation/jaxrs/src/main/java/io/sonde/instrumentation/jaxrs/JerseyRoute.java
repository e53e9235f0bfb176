package io.sonde.instrumentation.jaxrs;

import io.sonde.core.Attached;
import io.sonde.core.Routes;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import java.util.List;
import javax.ws.rs.container.ContainerRequestContext;
import javax.ws.rs.core.UriInfo;
import net.bytebuddy.asm.Advice;
import org.glassfish.jersey.server.ExtendedUriInfo;
import org.glassfish.jersey.server.internal.process.RequestProcessingContext;
import org.glassfish.jersey.uri.UriTemplate;
import org.jspecify.annotations.Nullable;

/** Routes of Jersey 2.22 to 4. */
@Weave(
    type = "org.glassfish.jersey.server.model.ResourceMethodInvoker",
    method = "apply(org.glassfish.jersey.server.internal.process.RequestProcessingContext)",
    state = true)
public final class JerseyRoute {
  private static final Attached<Match> MATCHES = new Attached<>();

  private JerseyRoute() {}

  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void enter(
      @Advice.This Object invoker, @Advice.Argument(0) RequestProcessingContext context) {
    ServerSpan span = ServerSpan.currentServer();
    if (span == null) {
      return;
    }
    UriInfo uri = ((ContainerRequestContext) context.request()).getUriInfo();
    List<UriTemplate> templates = ((ExtendedUriInfo) uri).getMatchedTemplates();
    Match match = MATCHES.get(invoker);
    if (match == null || !match.is(templates)) {
      MATCHES.set(invoker, match = new Match(templates));
    }
    span.route(Routes.join(uri.getBaseUri().getPath(), match.template), 3);
  }

  /** By which templates a method was last reached; a sub-resource has more than one way to it. */
  static final class Match {
    private final UriTemplate[] templates;
    final String template;

    Match(List<UriTemplate> matched) {
      templates = matched.toArray(new UriTemplate[0]);
      StringBuilder text = new StringBuilder();
      for (int i = templates.length - 1; i >= 0; i--) {
        PathTemplate.append(text, templates[i].getTemplate());
      }
      template = text.length() == 0 ? "/" : text.toString();
    }

    boolean is(@Nullable List<UriTemplate> matched) {
      if (matched == null || matched.size() != templates.length) {
        return false;
      }
      for (int i = 0; i < templates.length; i++) {
        if (matched.get(i) != templates[i]) {
          return false;
        }
      }
      return true;
    }
  }
}
