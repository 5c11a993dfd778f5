package io.galerne.client.publish;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The response to publishing: the events are durable (contract, section 3). Immutable.
public final class SendEventsResponse {
  private final String status;
  private final @Nullable String message;
  private final int eventsReceived;

  private SendEventsResponse(String status, @Nullable String message, int eventsReceived) {
    this.status = status;
    this.message = message;
    this.eventsReceived = eventsReceived;
  }

  /// Parses a response from its JSON.
  ///
  /// @throws MalformedEventException if the JSON does not have the form of the contract
  public static SendEventsResponse of(Json json) {
    try {
      JsonNode answer = json.tree();
      return new SendEventsResponse(
          answer.path("status").asString(""),
          answer.path("message").isString() ? answer.path("message").stringValue() : null,
          answer.path("events_received").asInt(1));
    } catch (JacksonException e) {
      throw new MalformedEventException(String.valueOf(e.getMessage()), e);
    }
  }

  /// The response of a server that accepted the events. Needed only by tests that replace the
  /// client.
  public static SendEventsResponse accepted(int eventsReceived) {
    return new SendEventsResponse("success", null, eventsReceived);
  }

  /// `success`.
  public String status() {
    return status;
  }

  /// The server's remark; empty if there is none.
  public Optional<String> message() {
    return Optional.ofNullable(message);
  }

  /// The number of accepted events, including duplicates.
  public int eventsReceived() {
    return eventsReceived;
  }

  /// The status and the number of events, for display.
  @Override
  public String toString() {
    return status + ": " + eventsReceived + " events";
  }
}
