package io.galerne.client.stream;

/// How a stream ended.
public enum Ending {
  /// The execution that the stream followed is over.
  COMPLETED,
  /// The server ended the stream: all stored events were delivered, or the stream does not
  /// reconnect.
  ENDED,
  /// The caller or the client closed the stream.
  CLOSED,
  /// The stream threw a [io.galerne.client.error.MistralException].
  FAILED
}
