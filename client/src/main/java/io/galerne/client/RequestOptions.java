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

/// Options of one request: each option that is set overrides the client's. Immutable.
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

  /// No options: the client's settings apply.
  public static RequestOptions none() {
    return NONE;
  }

  /// A builder that starts from [#none()].
  public static Builder builder() {
    return new Builder();
  }

  /// Builds options inline, starting from [#none()].
  public static RequestOptions of(Consumer<Builder> options) {
    Builder builder = builder();
    options.accept(builder);
    return builder.build();
  }

  /// A builder with these options.
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

  /// The timeout for the response; empty for the client's.
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  /// How long a stream may receive no bytes before its connection counts as dead; empty for the
  /// client's.
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

  /// The payload decoder; empty for the client's.
  public Optional<PayloadDecoder> decoder() {
    return Optional.ofNullable(decoder);
  }

  /// Headers added to the client's; they override headers of the same name.
  public Map<String, String> headers() {
    return headers;
  }

  /// Builds the options. Not thread-safe.
  public static final class Builder {
    private @Nullable Duration timeout;
    private @Nullable Duration silenceTimeout;
    private @Nullable Retries retries;
    private @Nullable Reconnection reconnection;
    private @Nullable PayloadDecoder decoder;
    private final Map<String, String> headers = new LinkedHashMap<>();

    private Builder() {}

    /// The timeout for a whole response, or for the headers of a stream; each retry starts over.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder timeout(Duration timeout) {
      this.timeout = Backoff.requirePositive(timeout, "timeout");
      return this;
    }

    /// How long a stream may receive no bytes before its connection counts as dead.
    ///
    /// @throws IllegalArgumentException if it is not positive
    public Builder silenceTimeout(Duration silenceTimeout) {
      this.silenceTimeout = Backoff.requirePositive(silenceTimeout, "silenceTimeout");
      return this;
    }

    /// How the request is retried; for a stream, only its first connection.
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /// How a stream reconnects; `Reconnection.off()` for never.
    public Builder reconnection(Reconnection reconnection) {
      this.reconnection = reconnection;
      return this;
    }

    /// Decodes encoded payloads. Reading an event throws a
    /// [DecodingException][io.galerne.client.error.DecodingException] if one of its payloads cannot
    /// be decoded. Decoding, including the download of offloaded payloads, runs on the reading
    /// thread; in asynchronous calls, on the thread that received the response.
    public Builder decodePayloads(PayloadDecoder decoder) {
      this.decoder = decoder;
      return this;
    }

    /// Adds a header; overrides the client's header of that name.
    public Builder header(String name, String value) {
      headers.put(name, value);
      return this;
    }

    /// Builds the options.
    public RequestOptions build() {
      return new RequestOptions(this);
    }
  }
}
