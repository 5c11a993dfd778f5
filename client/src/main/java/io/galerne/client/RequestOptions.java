package io.galerne.client;

import io.galerne.client.internal.http.Backoff;
import io.galerne.client.payload.PayloadDecoder;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What is different for one request: each option that is set replaces the client's. Immutable.
///
/// ```java
/// RequestOptions patient =
///     RequestOptions.builder()
///         .timeout(Duration.ofMinutes(1))
///         .retries(Retries.builder().maxAttempts(5).build())
///         .build();
/// Run run = mistral.workflows().executions().get("hello-1", patient);
/// System.out.println(run.status());
///
/// mistral.events().getWorkflowEvents(
///     list -> list.limit(10).options(options -> options.header("x-team", "billing")));
/// ```
public final class RequestOptions {
  private static final RequestOptions NONE = builder().build();

  private final @Nullable Duration timeout;
  private final @Nullable Duration silenceTimeout;
  private final @Nullable Retries retries;
  private final @Nullable Reconnection reconnection;
  private final @Nullable PayloadDecoder decoder;
  private final Map<String, String> headers;

  private RequestOptions(Builder builder) {
    timeout = builder.timeout;
    silenceTimeout = builder.silenceTimeout;
    retries = builder.retries;
    reconnection = builder.reconnection;
    decoder = builder.decoder;
    headers = Collections.unmodifiableMap(new LinkedHashMap<>(builder.headers));
  }

  /// Nothing is different.
  public static RequestOptions none() {
    return NONE;
  }

  /// Starts from [#none()].
  public static Builder builder() {
    return new Builder();
  }

  static RequestOptions of(Consumer<Builder> options) {
    Builder builder = builder();
    options.accept(builder);
    return builder.build();
  }

  /// Starts from these options.
  public Builder toBuilder() {
    Builder builder = builder();
    builder.timeout = timeout;
    builder.silenceTimeout = silenceTimeout;
    builder.retries = retries;
    builder.reconnection = reconnection;
    builder.decoder = decoder;
    builder.headers.putAll(headers);
    return builder;
  }

  /// How long an answer may take; empty for the client's.
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /// After how long without a byte a stream's connection counts as dead; empty for the client's.
  public Optional<Duration> silenceTimeout() {
    return Optional.ofNullable(silenceTimeout);
  }

  /// How the request is retried; empty for the client's.
  public Optional<Retries> retries() {
    return Optional.ofNullable(retries);
  }

  /// How a stream reconnects; empty for the client's.
  public Optional<Reconnection> reconnection() {
    return Optional.ofNullable(reconnection);
  }

  /// What decodes payloads; empty for the client's.
  public Optional<PayloadDecoder> decoder() {
    return Optional.ofNullable(decoder);
  }

  /// Headers in place of, or beside, those of the client.
  public Map<String, String> headers() {
    return headers;
  }

  /// Collects options. Not safe for use by several threads.
  public static final class Builder {
    private @Nullable Duration timeout;
    private @Nullable Duration silenceTimeout;
    private @Nullable Retries retries;
    private @Nullable Reconnection reconnection;
    private @Nullable PayloadDecoder decoder;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Builder() {}

    /// How long the whole answer may take; of a stream, its headers. Each retry has as long again.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder timeout(Duration timeout) {
      this.timeout = Backoff.requirePositive(timeout, "timeout");
      return this;
    }

    /// After how long without a byte a stream's connection counts as dead.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder silenceTimeout(Duration silenceTimeout) {
      this.silenceTimeout = Backoff.requirePositive(silenceTimeout, "silenceTimeout");
      return this;
    }

    /// How the request is retried; of a stream, its first connection.
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /// How a stream reconnects when its connection has ended; `Reconnection.off()` for never.
    public Builder reconnection(Reconnection reconnection) {
      this.reconnection = reconnection;
      return this;
    }

    /// How encoded payloads are decoded. Reading an event throws a
    /// [DecodingException][io.galerne.client.error.DecodingException] if one of its payloads cannot
    /// be decoded. Decoding, including the download of offloaded payloads, runs on the thread that
    /// reads; in asynchronous calls, on the one that received the answer.
    public Builder decodePayloads(PayloadDecoder decoder) {
      this.decoder = decoder;
      return this;
    }

    /// A header in place of, or beside, those of the client.
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /// Makes the options.
    public RequestOptions build() {
      return new RequestOptions(this);
    }
  }
}
