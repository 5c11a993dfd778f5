package io.galerne.client;

/// How a stream ended.
public enum Ending {
  /// What it was to follow has ended: the terminal event was handed out.
  COMPLETED,
  /// The server ended it and nothing more was to come: what was stored has been delivered, or the
  /// stream does not reconnect.
  ENDED,
  /// It was closed on this side.
  CLOSED,
  /// It threw a [MistralException].
  FAILED
}
