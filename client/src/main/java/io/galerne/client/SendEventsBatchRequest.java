package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/// Events to publish together, in their order (contract, section 3). Immutable.
public final class SendEventsBatchRequest {
  private static final String PATH = "/v1/workflows/events/batch";

  private final List<OutgoingEvent> events;
  private final CallOptions callOptions;

  private SendEventsBatchRequest(Builder builder) {
    events = List.copyOf(builder.events);
    callOptions = builder.callOptions();
  }

  /// Starts from nothing; at least one event must be given.
  public static Builder builder() {
    return new Builder();
  }

  Call call() {
    String body =
        events.stream()
            .map(OutgoingEvent::item)
            .collect(Collectors.joining(",", "{\"events\":[", "]}"));
    return Call.post("sendEventsBatch", PATH, body, callOptions);
  }

  /// Collects what is to be sent. Not safe for use by several threads.
  public static final class Builder extends CallBuilder<Builder> {
    private final List<OutgoingEvent> events = new ArrayList<>();

    private Builder() {}

    /// One more event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// One more event's JSON, which is sent as it is.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// One more event, and what is to stand beside it.
    public Builder event(OutgoingEvent event) {
      events.add(event);
      return this;
    }

    /// More events, in their order.
    public Builder events(Collection<? extends Event> events) {
      events.forEach(this::event);
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException where there is no event
    public SendEventsBatchRequest build() {
      if (events.isEmpty()) {
        throw new IllegalArgumentException("There is no event to send");
      }
      return new SendEventsBatchRequest(this);
    }
  }
}
