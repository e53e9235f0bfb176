package io.sonde.instrumentation.apachehttpclient5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncResponseConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Ends the call before the application's consumer gets the response. */
final class Consumer<T> implements AsyncResponseConsumer<T> {
  final Call call;
  private final AsyncResponseConsumer<T> consumer;

  Consumer(Call call, AsyncResponseConsumer<T> consumer) {
    this.call = call;
    this.consumer = consumer;
  }

  @Override
  public void consumeResponse(
      HttpResponse response, EntityDetails entity, HttpContext context, FutureCallback<T> callback)
      throws HttpException, IOException {
    try {
      call.responded(response);
    } catch (Throwable ignored) {
      // The application gets its response all the same.
    }
    consumer.consumeResponse(response, entity, context, callback);
  }

  @Override
  public void informationResponse(HttpResponse response, HttpContext context)
      throws HttpException, IOException {
    consumer.informationResponse(response, context);
  }

  @Override
  public void failed(Exception cause) {
    call.failed(cause);
    consumer.failed(cause);
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    consumer.updateCapacity(channel);
  }

  @Override
  public void consume(ByteBuffer buffer) throws IOException {
    consumer.consume(buffer);
  }

  @Override
  public void streamEnd(List<? extends Header> trailers) throws HttpException, IOException {
    consumer.streamEnd(trailers);
  }

  @Override
  public void releaseResources() {
    consumer.releaseResources();
  }
}
