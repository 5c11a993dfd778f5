package io.galerne.client;

import java.time.Duration;
import java.util.function.Consumer;

/// What can be set for any call. Not safe for use by several threads.
abstract class CallBuilder<B extends CallBuilder<B>> {
  private CallOptions callOptions = CallOptions.NONE;

  abstract B self();

  /// The same builder, once the caller's function has set what it wants.
  B with(Consumer<? super B> settings) {
    settings.accept(self());
    return self();
  }

  CallOptions callOptions() {
    return callOptions;
  }

  B options(CallOptions callOptions) {
    this.callOptions = callOptions;
    return self();
  }

  /// How to try again, in place of what the client has.
  public B retries(RetryConfig retries) {
    return options(callOptions.retries(retries));
  }

  /// How long the whole answer may take (of a stream, its headers), in place of what the client
  /// has.
  public B timeout(Duration timeout) {
    return options(callOptions.timeout(timeout));
  }

  /// A header in place of, or beside, those of the client.
  public B header(String name, String value) {
    return options(callOptions.header(name, value));
  }
}
