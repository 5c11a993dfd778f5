package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// Events to publish together, in their order (contract, section 3). Immutable.
public final class SendEventsBatchRequest {
  private final List<OutgoingEvent> events;
  private final RequestOptions options;

  private SendEventsBatchRequest(Builder builder) {
    events = List.copyOf(builder.events);
    options = builder.options;
  }

  /// Starts from nothing; at least one event must be given.
  public static Builder builder() {
    return new Builder();
  }

  static SendEventsBatchRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The events to publish, in their order.
  public List<OutgoingEvent> events() {
    return events;
  }

  /// What is different from the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Collects what is to be sent. Not safe for use by several threads.
  public static final class Builder {
    private final List<OutgoingEvent> events = new ArrayList<>();
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// One more event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// One more event's JSON, which is sent as it is.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// One more event, and the stream and metadata beside it.
    public Builder event(OutgoingEvent event) {
      events.add(event);
      return this;
    }

    /// More events, in their order.
    public Builder events(Collection<? extends Event> events) {
      events.forEach(this::event);
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
    public SendEventsBatchRequest build() {
      if (events.isEmpty()) {
        throw new IllegalArgumentException("There is no event to send");
      }
      return new SendEventsBatchRequest(this);
    }
  }
}
