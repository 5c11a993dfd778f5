package io.galerne.client;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// What the server says of events that it has taken: they are durable (contract, section 3).
///
/// @param status `success`
/// @param text a remark; null where there is none
/// @param eventsReceived how many events it has taken, repeats included
public record SendEventsResponse(String status, @Nullable String text, int eventsReceived) {
  /// A remark.
  public Optional<String> message() {
    return Optional.ofNullable(text);
  }

  static SendEventsResponse read(String body) {
    try {
      JsonNode answer = Json.of(body).tree();
      return new SendEventsResponse(
          answer.path("status").asString(""),
          answer.path("message").isString() ? answer.path("message").stringValue() : null,
          answer.path("events_received").asInt(1));
    } catch (JacksonException e) {
      throw new MalformedEventException(String.valueOf(e.getMessage()), e);
    }
  }
}
