package app;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.util.concurrent.CountDownLatch;
import okhttp3.Cache;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A server whose one page makes the calls that its path names. */
public final class OkHttpMain {
  private static final OkHttpClient CLIENT = new OkHttpClient().newBuilder().build();

  public static void main(String[] args) throws Exception {
    CLIENT.dispatcher().setMaxRequestsPerHost(1);
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext("/", OkHttpMain::handle);
    server.start();
    System.out.println("READY " + server.getAddress().getPort());
  }

  private static void handle(HttpExchange exchange) throws IOException {
    String[] target = exchange.getRequestURI().getQuery().split(" ");
    String answer;
    try {
      answer =
          target[0].equals("async")
              ? async(target[1])
              : target[0].equals("enqueue")
                  ? enqueue(target[1])
                  : target[0].equals("cached")
                      ? cached(target[1])
                      : target[0].equals("token")
                          ? withToken(target[1])
                          : target[0].equals("cancel") ? cancel(target[1]) : sync(target[1]);
    } catch (IOException e) {
      answer = "failed";
    }
    exchange.sendResponseHeaders(200, 0);
    exchange.getResponseBody().write(answer.getBytes("UTF-8"));
    exchange.close();
  }

  private static String sync(String url) throws IOException {
    return sync(CLIENT, url);
  }

  private static String sync(OkHttpClient client, String url) throws IOException {
    Response response = client.newCall(new Request.Builder().url(url).build()).execute();
    return response.code() + " " + response.body().string();
  }

  /** Twice, the second time from the cache. */
  private static String cached(String url) throws IOException {
    Cache cache = new Cache(Files.createTempDirectory("okhttp").toFile(), 1 << 20);
    OkHttpClient client = CLIENT.newBuilder().cache(cache).build();
    sync(client, url);
    sync(client, url);
    return cache.hitCount() + " from the cache";
  }

  /** An interceptor asks elsewhere before the request goes out. */
  private static String withToken(String url) throws IOException {
    Interceptor asks =
        new Interceptor() {
          @Override
          public Response intercept(Chain chain) throws IOException {
            sync(url + "/token");
            return chain.proceed(chain.request());
          }
        };
    return sync(CLIENT.newBuilder().addInterceptor(asks).build(), url);
  }

  /** Another thread cancels it while the peer is slow. */
  private static String cancel(String url) throws IOException {
    Call call = CLIENT.newCall(new Request.Builder().url(url).build());
    Thread thread =
        new Thread(
            () -> {
              try {
                Thread.sleep(50);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              call.cancel();
            });
    thread.start();
    try {
      return "" + call.execute().code();
    } catch (IOException e) {
      return e.getClass().getName();
    }
  }

  /** Returns before the call is made, which waits behind others of its host. */
  private static String enqueue(String url) {
    CLIENT
        .newCall(new Request.Builder().url(url).build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {}

              @Override
              public void onResponse(Call call, Response response) {
                response.body().close();
              }
            });
    return "queued";
  }

  /** The callback makes a second call. */
  private static String async(String url) throws IOException {
    CountDownLatch done = new CountDownLatch(1);
    String[] answer = new String[1];
    CLIENT
        .newCall(new Request.Builder().url(url).build())
        .enqueue(
            new Callback() {
              @Override
              public void onFailure(Call call, IOException e) {
                answer[0] = "failed";
                done.countDown();
              }

              @Override
              public void onResponse(Call call, Response response) throws IOException {
                try {
                  response.body().close();
                  answer[0] = sync(url + "/again");
                } finally {
                  done.countDown();
                }
              }
            });
    try {
      done.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return answer[0];
  }
}
