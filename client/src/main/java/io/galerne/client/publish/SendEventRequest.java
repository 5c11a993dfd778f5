package io.galerne.client.publish;

import io.galerne.client.RequestOptions;
import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request to publish one event (contract, section 3). Immutable.
public final class SendEventRequest {
  private final OutgoingEvent event;
  private final RequestOptions options;

  private SendEventRequest(OutgoingEvent event, RequestOptions options) {
    this.event = event;
    this.options = options;
  }

  /// An empty builder; the event is required.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds a request inline, starting from [#builder()].
  public static SendEventRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The event to publish.
  public OutgoingEvent event() {
    return event;
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request. Not thread-safe.
  public static final class Builder {
    private @Nullable OutgoingEvent event;
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// The event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event's JSON, sent verbatim.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event with its stream and metadata.
    public Builder event(OutgoingEvent event) {
      this.event = event;
      return this;
    }

    /// Overrides the client's settings for this request. Replaces options set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], building the options inline.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Builds the request.
    ///
    /// @throws IllegalArgumentException if there is no event
    public SendEventRequest build() {
      if (event == null) {
        throw new IllegalArgumentException("There is no event to send");
      }
      return new SendEventRequest(event, options);
    }
  }
}
