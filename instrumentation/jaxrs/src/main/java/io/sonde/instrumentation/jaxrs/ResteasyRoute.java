package io.sonde.instrumentation.jaxrs;

import io.sonde.core.Attached;
import io.sonde.core.Routes;
import io.sonde.core.ServerSpan;
import io.sonde.core.Weave;
import java.lang.reflect.Method;
import javax.ws.rs.Path;
import net.bytebuddy.asm.Advice;
import org.jboss.resteasy.core.ResourceLocatorInvoker;
import org.jboss.resteasy.core.ResourceMethodInvoker;
import org.jboss.resteasy.spi.HttpRequest;
import org.jspecify.annotations.Nullable;

/** Routes of RESTEasy 3 to 7. */
public final class ResteasyRoute {
  /** On the request: the templates of the locators that led to a sub-resource. */
  private static final String LOCATED = "io.sonde.located";

  private static final Attached<String> TEMPLATES = new Attached<>();

  private ResteasyRoute() {}

  /** The resource's method is found. */
  @Weave(
      type = "org.jboss.resteasy.core.ResourceMethodInvoker",
      method =
          "invoke(org.jboss.resteasy.spi.HttpRequest,org.jboss.resteasy.spi.HttpResponse,"
              + "java.lang.Object)",
      state = true)
  public static final class Invoke {
    private Invoke() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ResourceMethodInvoker invoker, @Advice.Argument(0) HttpRequest request) {
      ServerSpan span = ServerSpan.currentServer();
      if (span == null) {
        return;
      }
      Object located = request.getAttribute(LOCATED);
      String template;
      if (located instanceof String) {
        template = template((String) located, null, invoker.getMethod());
      } else {
        template = TEMPLATES.get(invoker);
        if (template == null) {
          template = template("", invoker.getResourceClass(), invoker.getMethod());
          TEMPLATES.set(invoker, template);
        }
      }
      span.route(Routes.join(application(span.route()), template), 3);
    }
  }

  /** A locator is, which leads to another resource. */
  @Weave(
      type = "org.jboss.resteasy.core.ResourceLocatorInvoker",
      method =
          "invokeOnTargetObject(org.jboss.resteasy.spi.HttpRequest,"
              + "org.jboss.resteasy.spi.HttpResponse,java.lang.Object)")
  public static final class Locate {
    private Locate() {}

    @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
    public static void enter(
        @Advice.This ResourceLocatorInvoker invoker, @Advice.Argument(0) HttpRequest request) {
      if (ServerSpan.currentServer() != null) {
        Object located = request.getAttribute(LOCATED);
        Method method = invoker.getMethod();
        request.setAttribute(
            LOCATED,
            located instanceof String
                ? template((String) located, null, method)
                : template("", method.getDeclaringClass(), method));
      }
    }
  }

  /** The servlet's mapping is where the application is, as the container has said. */
  private static String application(@Nullable String mapping) {
    return mapping != null && mapping.endsWith("/*")
        ? mapping.substring(0, mapping.length() - 2)
        : "";
  }

  private static String template(String before, @Nullable Class<?> type, Method method) {
    StringBuilder text = new StringBuilder(before);
    Path ofClass = type == null ? null : path(type);
    if (ofClass != null) {
      PathTemplate.append(text, ofClass.value());
    }
    Path ofMethod = path(method, type == null ? method.getDeclaringClass() : type);
    if (ofMethod != null) {
      PathTemplate.append(text, ofMethod.value());
    }
    return text.length() == 0 ? "/" : text.toString();
  }

  private static @Nullable Path path(Class<?> type) {
    for (Class<?> c = type; c != null; c = c.getSuperclass()) {
      Path path = c.getAnnotation(Path.class);
      for (int i = 0; path == null && i < c.getInterfaces().length; i++) {
        path = path(c.getInterfaces()[i]);
      }
      if (path != null) {
        return path;
      }
    }
    return null;
  }

  /** The annotation may stand on the method that this one overrides. */
  private static @Nullable Path path(Method method, Class<?> type) {
    Path path = method.getAnnotation(Path.class);
    for (Class<?> c = type; path == null && c != null; c = c.getSuperclass()) {
      path = declared(c, method);
      for (int i = 0; path == null && i < c.getInterfaces().length; i++) {
        path = declared(c.getInterfaces()[i], method);
      }
    }
    return path;
  }

  private static @Nullable Path declared(Class<?> type, Method like) {
    try {
      return type.getDeclaredMethod(like.getName(), like.getParameterTypes())
          .getAnnotation(Path.class);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
