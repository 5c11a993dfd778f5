package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.live.StreamRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// What an operation answers.
public sealed interface Reply {
  /// An answer that is complete.
  ///
  /// @param contentType of the body; empty if there is none
  record Full(
      HttpResponseStatus status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {}

  /// An answer of status 200 whose body is made while it is sent, so that it never stands in memory
  /// as a whole.
  ///
  /// @param first the beginning of the body
  /// @param rest makes what follows
  record Pieced(String contentType, byte[] first, Pieces rest) implements Reply {}

  /// A stream of events.
  ///
  /// @param headers of the response, beside those that every stream has
  record Stream(StreamRequest request, Map<String, String> headers) implements Reply {}

  /// Makes the body of an answer piece by piece. For one thread at a time: the next piece is asked
  /// for once the one before is there.
  interface Pieces {
    /// The next piece. Fails if the rest cannot be made.
    CompletionStage<byte[]> next();

    /// Whether the last piece has been made.
    boolean isComplete();
  }

  /// A complete answer of status 200.
  static Full text(String contentType, byte[] body) {
    return new Full(HttpResponseStatus.OK, contentType, body, Map.of());
  }

  /// A complete answer of status 200, as JSON.
  static Full json(String body) {
    return json(HttpResponseStatus.OK, body.getBytes(UTF_8));
  }

  /// A complete answer as JSON.
  static Full json(HttpResponseStatus status, byte[] body) {
    return new Full(status, "application/json", body, Map.of());
  }
}
