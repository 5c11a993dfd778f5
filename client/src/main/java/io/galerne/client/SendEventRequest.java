package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import org.jspecify.annotations.Nullable;

/// One event to publish (contract, section 3). Immutable.
public final class SendEventRequest {
  private static final String PATH = "/v1/workflows/events";

  private final OutgoingEvent event;
  private final CallOptions callOptions;

  private SendEventRequest(OutgoingEvent event, CallOptions callOptions) {
    this.event = event;
    this.callOptions = callOptions;
  }

  /// Starts from nothing; the event must be given.
  public static Builder builder() {
    return new Builder();
  }

  Call call() {
    return Call.post("sendEvent", PATH, event.body(), callOptions);
  }

  /// Collects what is to be sent. Not safe for use by several threads.
  public static final class Builder extends CallBuilder<Builder> {
    private @Nullable OutgoingEvent event;

    private Builder() {}

    /// The event.
    public Builder event(Event event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event's JSON, which is sent as it is.
    public Builder event(Json event) {
      return event(OutgoingEvent.of(event));
    }

    /// The event and what is to stand beside it.
    public Builder event(OutgoingEvent event) {
      this.event = event;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException where there is no event
    public SendEventRequest build() {
      if (event == null) {
        throw new IllegalArgumentException("There is no event to send");
      }
      return new SendEventRequest(event, callOptions());
    }
  }
}
