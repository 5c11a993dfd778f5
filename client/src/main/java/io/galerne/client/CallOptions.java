package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is different for one call. Immutable.
///
/// @param retries null for what the client has
/// @param timeout null for what the client has
/// @param headers in place of, or beside, those of the client
/// @param decoder null for what the client has
record CallOptions(
    @Nullable RetryConfig retries,
    @Nullable Duration timeout,
    Map<String, String> headers,
    @Nullable PayloadDecoder decoder) {
  static final CallOptions NONE = new CallOptions(null, null, Map.of(), null);

  CallOptions retries(RetryConfig retries) {
    return new CallOptions(retries, timeout, headers, decoder);
  }

  CallOptions timeout(Duration timeout) {
    return new CallOptions(retries, Backoff.requirePositive(timeout, "timeout"), headers, decoder);
  }

  CallOptions header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new CallOptions(retries, timeout, more, decoder);
  }

  CallOptions decoder(PayloadDecoder decoder) {
    return new CallOptions(retries, timeout, headers, decoder);
  }
}
