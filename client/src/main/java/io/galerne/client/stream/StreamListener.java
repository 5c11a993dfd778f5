package io.galerne.client.stream;

/// Receives a stream's connections, reconnections and gaps. Called on the thread that reads the
/// stream; an exception ends the stream.
public interface StreamListener {
  /// Called when the stream has connected or reconnected.
  ///
  /// @param url the stream's URL, without secrets
  default void onConnect(String url) {}

  /// Called when the connection ended or could not be opened; the stream will reconnect.
  default void onDisconnect(Disconnect disconnect) {}

  /// Called if events expired before the stream delivered them. The stream continues after the gap,
  /// unless the request sets `failOnGap()`.
  default void onGap(Gap gap) {}
}
