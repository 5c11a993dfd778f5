package io.galerne.client;

/// How a stream ended.
public enum Ending {
  /// The execution that it followed is over.
  COMPLETED,
  /// The server ended it and nothing more follows: what was stored has been delivered, or the stream
  /// does not reconnect.
  ENDED,
  /// It was closed on this side.
  CLOSED,
  /// It threw a [io.galerne.client.error.MistralException].
  FAILED
}
