package io.sonde.instrumentation.apachehttpclient4;

import io.sonde.core.Hop;
import org.apache.http.concurrent.FutureCallback;
import org.jspecify.annotations.Nullable;

/** Ends a call that has no response, and runs the application's callback as the caller. */
final class Callback<T> implements FutureCallback<T> {
  final Call call;
  private final @Nullable FutureCallback<T> callback;

  Callback(Call call, @Nullable FutureCallback<T> callback) {
    this.call = call;
    this.callback = callback;
  }

  @Override
  public void completed(T result) {
    if (callback != null) {
      Object entered = call.enterCaller();
      try {
        callback.completed(result);
      } finally {
        Hop.exit(entered);
      }
    }
  }

  @Override
  public void failed(Exception cause) {
    call.failed(cause);
    if (callback != null) {
      Object entered = call.enterCaller();
      try {
        callback.failed(cause);
      } finally {
        Hop.exit(entered);
      }
    }
  }

  @Override
  public void cancelled() {
    call.cancelled();
    if (callback != null) {
      Object entered = call.enterCaller();
      try {
        callback.cancelled();
      } finally {
        Hop.exit(entered);
      }
    }
  }
}
