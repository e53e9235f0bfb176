package io.sonde.exporters.otlp;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * OTLP over HTTP/1.1, one request after the other on one connection that is kept.
 *
 * <p>On plain sockets, since every client of the JDK and of others has either global state that
 * belongs to the application (cookies, authenticators, system properties read once) or a start-up
 * cost of its own.
 */
final class HttpSender implements Sender {
  private final Target target;
  private final @Nullable SSLSocketFactory tls;
  private final Guard guard = new Guard();
  private final String userAgent;
  private @Nullable Connection connection;

  HttpSender(Target target, @Nullable SSLSocketFactory tls, String version) {
    this.target = target;
    this.tls = tls;
    userAgent = "Sonde/" + version;
  }

  @Override
  public Answer send(Batch batch, long deadline) throws IOException {
    HttpResponse response = new HttpResponse();
    Connection to = connection;
    try {
      if (to == null) {
        to = connection = Connection.open(target.host, target.port, tls, guard, deadline);
      }
      exchange(to, batch, response, deadline);
    } catch (IOException e) {
      drop();
      if (guard.fired()) {
        throw new SocketTimeoutException("no answer in time");
      }
      throw e;
    } finally {
      guard.release();
    }
    if (!response.reusable) {
      drop();
    }
    return Answers.ofHttp(response);
  }

  private void exchange(Connection to, Batch batch, HttpResponse response, long deadline)
      throws IOException {
    boolean kept = to.used();
    to.guard(guard, deadline);
    try {
      request(to.out, batch);
      response.read(to.in);
    } catch (IOException e) {
      if (!kept || response.started() || guard.fired()) {
        throw e;
      }
      // The receiver closed the idle connection while this request was under way.
      to.close();
      to = connection = Connection.open(target.host, target.port, tls, guard, deadline);
      to.used();
      request(to.out, batch);
      response.read(to.in);
    }
  }

  private void request(OutputStream out, Batch batch) throws IOException {
    StringBuilder head = new StringBuilder(256);
    head.append("POST ")
        .append(target.path)
        .append(" HTTP/1.1\r\nHost: ")
        .append(target.authority());
    head.append("\r\nUser-Agent: ").append(userAgent);
    head.append("\r\nContent-Type: application/x-protobuf\r\n");
    if (target.gzip) {
      head.append("Content-Encoding: gzip\r\n");
    }
    for (Map.Entry<String, String> header : target.headers.entrySet()) {
      head.append(header.getKey()).append(": ").append(header.getValue()).append("\r\n");
    }
    head.append("Content-Length: ").append(batch.length()).append("\r\n\r\n");
    ByteArrayOutputStream first = new ByteArrayOutputStream(512);
    first.write(head.toString().getBytes(StandardCharsets.UTF_8));
    first.writeTo(out);
    batch.write(out);
    out.flush();
  }

  private void drop() {
    if (connection != null) {
      connection.close();
      connection = null;
    }
  }
}
