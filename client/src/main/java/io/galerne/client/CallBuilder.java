package io.galerne.client;

import java.time.Duration;

/// What can be set for any call. Not safe for use by several threads.
abstract class CallBuilder<B extends CallBuilder<B>> {
  private CallOptions callOptions = CallOptions.NONE;

  abstract B self();

  CallOptions callOptions() {
    return callOptions;
  }

  /// How to try again, in place of what the client has.
  public B retries(RetryConfig retries) {
    callOptions = callOptions.retries(retries);
    return self();
  }

  /// How long the whole answer may take (of a stream, its headers), in place of what the client
  /// has.
  public B timeout(Duration timeout) {
    callOptions = callOptions.timeout(timeout);
    return self();
  }

  /// A header in place of, or beside, those of the client.
  public B header(String name, String value) {
    callOptions = callOptions.header(name, value);
    return self();
  }
}
