package app;

import java.util.Collections;
import java.util.Set;
import javax.ws.rs.GET;
import javax.ws.rs.Path;
import javax.ws.rs.PathParam;
import javax.ws.rs.container.AsyncResponse;
import javax.ws.rs.container.Suspended;
import javax.ws.rs.core.Application;

/** A JAX-RS application. */
public class Rest extends Application {
  @Override
  public Set<Class<?>> getClasses() {
    return Collections.<Class<?>>singleton(Items.class);
  }

  /** A resource with what JAX-RS offers. */
  @Path("items")
  public static class Items {
    @GET
    public String all() {
      return "all";
    }

    @GET
    @Path("{id : \\d{1,9}}")
    public String item(@PathParam("id") String id) {
      return "item " + id;
    }

    @GET
    @Path("/{id}/fail/")
    public String fail(@PathParam("id") String id) {
      throw new IllegalStateException("on purpose");
    }

    @GET
    @Path("{id}/later")
    public void later(@PathParam("id") String id, @Suspended final AsyncResponse response) {
      new Thread() {
        @Override
        public void run() {
          response.resume("later");
        }
      }.start();
    }

    @Path("{id}/parts")
    public Parts parts(@PathParam("id") String id) {
      return new Parts();
    }
  }

  /** Reached through a resource alone. */
  public static class Parts {
    @GET
    @Path("{part}")
    public String part(@PathParam("part") String part) {
      return "part " + part;
    }
  }
}
