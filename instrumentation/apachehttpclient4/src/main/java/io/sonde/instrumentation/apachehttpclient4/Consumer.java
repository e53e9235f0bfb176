package io.sonde.instrumentation.apachehttpclient4;

import java.io.IOException;
import org.apache.http.HttpException;
import org.apache.http.HttpResponse;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.HttpAsyncResponseConsumer;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/** Ends the call before the application's consumer gets the response. */
final class Consumer<T> implements HttpAsyncResponseConsumer<T> {
  final Call call;
  private final HttpAsyncResponseConsumer<T> consumer;

  Consumer(Call call, HttpAsyncResponseConsumer<T> consumer) {
    this.call = call;
    this.consumer = consumer;
  }

  @Override
  public void responseReceived(HttpResponse response) throws IOException, HttpException {
    try {
      call.responded(response);
    } catch (Throwable ignored) {
      // The application gets its response all the same.
    }
    consumer.responseReceived(response);
  }

  @Override
  public void consumeContent(ContentDecoder decoder, IOControl control) throws IOException {
    consumer.consumeContent(decoder, control);
  }

  @Override
  public void responseCompleted(HttpContext context) {
    consumer.responseCompleted(context);
  }

  @Override
  public void failed(Exception cause) {
    call.failed(cause);
    consumer.failed(cause);
  }

  @Override
  public @Nullable Exception getException() {
    return consumer.getException();
  }

  @Override
  public T getResult() {
    return consumer.getResult();
  }

  @Override
  public boolean isDone() {
    return consumer.isDone();
  }

  @Override
  public boolean cancel() {
    call.cancelled();
    return consumer.cancel();
  }

  @Override
  public void close() throws IOException {
    consumer.close();
  }
}
