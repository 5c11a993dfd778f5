package io.galerne.client.publish;

import io.galerne.client.RequestOptions;
import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/// A request to publish events together, in their order (contract, section 3). Immutable.
public final class SendEventsBatchRequest {
  private final List<OutgoingEvent> events;
  private final RequestOptions options;

  private SendEventsBatchRequest(Builder builder) {
    events = List.copyOf(builder.events);
    options = builder.options;
  }

  /// An empty builder; at least one event is required.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds a request inline, starting from [#builder()].
  public static SendEventsBatchRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The events to publish, in their order.
  public List<OutgoingEvent> events() {
    return events;
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request. Not thread-safe.
  public static final class Builder {
    private final List<OutgoingEvent> events = new ArrayList<>();
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// Adds an event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// Adds an event's JSON, sent verbatim.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// Adds an event with its stream and metadata.
    public Builder event(OutgoingEvent event) {
      events.add(event);
      return this;
    }

    /// Adds events, in their order.
    public Builder events(Collection<? extends Event> events) {
      events.forEach(this::event);
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
    public SendEventsBatchRequest build() {
      if (events.isEmpty()) {
        throw new IllegalArgumentException("There is no event to send");
      }
      return new SendEventsBatchRequest(this);
    }
  }
}
