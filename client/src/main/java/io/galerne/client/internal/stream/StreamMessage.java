package io.galerne.client.internal.stream;

import io.galerne.client.internal.http.Answers;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.SseMessage;
import io.galerne.protocol.StreamEvent;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A parsed message of a stream (contract, section 4).
///
/// @param event the event; null for other kinds
/// @param text why the server ended the stream, or why the message cannot be read
/// @param failure the underlying exception; null if there is none
record StreamMessage(
    Kind kind, @Nullable StreamEvent event, String text, @Nullable Throwable failure) {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  enum Kind {
    EVENT,
    /// The server ends the stream with an error.
    ERROR,
    /// Neither event nor error: a keep-alive with empty data, or an unknown kind.
    NOTHING,
    MALFORMED
  }

  static StreamMessage of(SseMessage message) {
    String name = message.event().orElse("message");
    if (name.equals("error")) {
      return new StreamMessage(Kind.ERROR, null, errorText(message.data()), null);
    }
    if (message.data().isBlank()) {
      return new StreamMessage(Kind.NOTHING, null, "", null);
    }
    try {
      return new StreamMessage(Kind.EVENT, EventReader.streamEvent(message.data()), "", null);
    } catch (MalformedEventException e) {
      if (!name.equals("message")) {
        LOG.log(Level.DEBUG, () -> "Skipped a message of the unknown kind " + name);
        return new StreamMessage(Kind.NOTHING, null, "", e);
      }
      String text =
          "the message with id '"
              + (message.id() + "' is not a stream event: " + e.getMessage())
              + ". It starts with: "
              + Answers.excerpt(message.data());
      return new StreamMessage(Kind.MALFORMED, null, text, e);
    }
  }

  private static String errorText(String data) {
    String error = Answers.excerpt(data);
    String reason = "";
    try {
      JsonNode frame = Json.of(data).tree();
      error = frame.path("error").asString(error);
      reason = frame.path("reason").asString("");
    } catch (MalformedEventException | JacksonException e) {
      LOG.log(Level.DEBUG, "An error frame violates the contract", e);
    }
    return "the server ended the stream with an error: "
        + (reason.isEmpty() ? error : error + " (" + reason + ")");
  }
}
