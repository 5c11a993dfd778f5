package io.galerne.client.publish;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The response to publishing: the events are durable (contract, section 3).
///
/// @param status `success`
/// @param text the server's remark; null if there is none
/// @param eventsReceived the number of accepted events, including duplicates
public record SendEventsResponse(String status, @Nullable String text, int eventsReceived) {
  /// The server's remark; empty if there is none.
  public Optional<String> message() {
    return Optional.ofNullable(text);
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
}
