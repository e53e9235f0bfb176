package app;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** An endpoint without a controller, which Spring MVC 5.2 and newer have. */
@Configuration
public class Functional {
  @Bean
  public RouterFunction<ServerResponse> functions() {
    return RouterFunctions.route()
        .GET("/functions/{name}", request -> ServerResponse.ok().body(request.pathVariable("name")))
        .build();
  }
}
