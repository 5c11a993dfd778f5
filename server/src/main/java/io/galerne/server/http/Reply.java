package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.live.StreamRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/// The reply of an operation.
public sealed interface Reply {
  /// A complete reply.
  ///
  /// @param contentType of the body; empty if there is none
  record Full(
      HttpResponseStatus status, String contentType, byte[] body, Map<String, String> headers)
      implements Reply {}

  /// A reply of status 200 whose body is produced while it is sent, so it is never in memory as a
  /// whole.
  ///
  /// @param first the beginning of the body
  /// @param rest produces the rest
  record Pieced(String contentType, byte[] first, Pieces rest) implements Reply {}

  /// A stream of events.
  ///
  /// @param headers extra headers of the response
  record Stream(StreamRequest request, Map<String, String> headers) implements Reply {}

  /// Produces a body piece by piece. For one thread at a time: the next piece is requested after
  /// the previous one is complete.
  interface Pieces {
    /// Produces the next piece; fails if it cannot.
    CompletionStage<byte[]> next();

    /// Whether the last piece has been produced.
    boolean isComplete();
  }

  /// A complete reply of status 200.
  static Full text(String contentType, byte[] body) {
    return new Full(HttpResponseStatus.OK, contentType, body, Map.of());
  }

  /// A complete reply of status 200, as JSON.
  static Full json(String body) {
    return json(HttpResponseStatus.OK, body.getBytes(UTF_8));
  }

  /// A complete reply as JSON.
  static Full json(HttpResponseStatus status, byte[] body) {
    return new Full(status, "application/json", body, Map.of());
  }
}
