package app;

import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.Callable;
import javax.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.context.request.async.DeferredResult;

/** What controllers do. */
@Controller
@RequestMapping("/items")
public class Items {
  private static final Timer TIMER = new Timer(true);

  @GetMapping("/{id}")
  @ResponseBody
  public String item(@PathVariable("id") String id, HttpServletResponse response) {
    response.setHeader("x-trace", Ids.current());
    return "item " + id;
  }

  @GetMapping("/{id}/fail")
  @ResponseBody
  public String fail(@PathVariable("id") String id) {
    throw new IllegalStateException("on purpose");
  }

  @GetMapping("/{id}/handled")
  @ResponseBody
  public String handled(@PathVariable("id") String id) {
    throw new UnsupportedOperationException("handled");
  }

  @ExceptionHandler(UnsupportedOperationException.class)
  @ResponseStatus(HttpStatus.CONFLICT)
  @ResponseBody
  public String conflict() {
    return "conflict";
  }

  @GetMapping("/{id}/callable")
  @ResponseBody
  public Callable<String> callable(@PathVariable("id") String id, HttpServletResponse response) {
    return new Callable<String>() {
      @Override
      public String call() throws Exception {
        Thread.sleep(50);
        response.setHeader("x-trace", Ids.current());
        return "later";
      }
    };
  }

  @GetMapping("/{id}/callable-fail")
  @ResponseBody
  public Callable<String> callableFail(@PathVariable("id") String id) {
    return new Callable<String>() {
      @Override
      public String call() {
        throw new IllegalStateException("later");
      }
    };
  }

  @GetMapping("/{id}/deferred")
  @ResponseBody
  public DeferredResult<String> deferred(@PathVariable("id") String id) {
    final DeferredResult<String> result = new DeferredResult<String>(5000L);
    TIMER.schedule(
        new TimerTask() {
          @Override
          public void run() {
            result.setResult("later");
          }
        },
        50);
    return result;
  }

  @GetMapping("/{id}/timeout")
  @ResponseBody
  public DeferredResult<String> timeout(@PathVariable("id") String id) {
    return new DeferredResult<String>(100L);
  }

  @GetMapping("/forward")
  public String forward() {
    return "forward:/items/7";
  }
}
