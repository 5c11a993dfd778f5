package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One event to publish (contract, section 3). Immutable.
public final class SendEventRequest {
  private final OutgoingEvent event;
  private final RequestOptions options;

  private SendEventRequest(OutgoingEvent event, RequestOptions options) {
    this.event = event;
    this.options = options;
  }

  /// Starts from nothing; the event must be given.
  public static Builder builder() {
    return new Builder();
  }

  static SendEventRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The event to publish.
  public OutgoingEvent event() {
    return event;
  }

  /// What is different from the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Collects what is to be sent. Not safe for use by several threads.
  public static final class Builder {
    private @Nullable OutgoingEvent event;
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// The event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event's JSON, which is sent as it is.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event and the stream and metadata beside it.
    public Builder event(OutgoingEvent event) {
      this.event = event;
      return this;
    }

    /// What is different from the client's settings; replaces options that were set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], with options made on the spot.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Makes the request.
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
