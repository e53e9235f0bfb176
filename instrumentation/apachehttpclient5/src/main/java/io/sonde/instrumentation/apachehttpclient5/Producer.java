package io.sonde.instrumentation.apachehttpclient5;

import java.io.IOException;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncRequestProducer;
import org.apache.hc.core5.http.nio.DataStreamChannel;
import org.apache.hc.core5.http.nio.RequestChannel;
import org.apache.hc.core5.http.protocol.HttpContext;

/** Starts the call where the application's producer has made the request. */
final class Producer implements AsyncRequestProducer {
  final Call call;
  private final AsyncRequestProducer producer;

  Producer(Call call, AsyncRequestProducer producer) {
    this.call = call;
    this.producer = producer;
  }

  @Override
  public void sendRequest(RequestChannel channel, HttpContext context)
      throws HttpException, IOException {
    producer.sendRequest(new Channel(call, channel), context);
  }

  @Override
  public boolean isRepeatable() {
    return producer.isRepeatable();
  }

  @Override
  public void failed(Exception cause) {
    producer.failed(cause);
  }

  @Override
  public int available() {
    return producer.available();
  }

  @Override
  public void produce(DataStreamChannel channel) throws IOException {
    producer.produce(channel);
  }

  @Override
  public void releaseResources() {
    producer.releaseResources();
  }

  private static final class Channel implements RequestChannel {
    private final Call call;
    private final RequestChannel channel;

    Channel(Call call, RequestChannel channel) {
      this.call = call;
      this.channel = channel;
    }

    @Override
    public void sendRequest(HttpRequest request, EntityDetails entity, HttpContext context)
        throws HttpException, IOException {
      try {
        call.started(request);
      } catch (Throwable ignored) {
        // The request goes out all the same.
      }
      channel.sendRequest(request, entity, context);
    }
  }
}
