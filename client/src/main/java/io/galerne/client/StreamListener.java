package io.galerne.client;

/// Hears what a stream does beside delivering events. Called on the thread that reads the stream;
/// what it throws ends the stream.
public interface StreamListener {
  /// The stream is connected, for the first time or again.
  ///
  /// @param url where, without secrets
  default void onConnect(String url) {}

  /// The connection ended, or could not be made; the stream will try again.
  default void onDisconnect(Disconnect disconnect) {}

  /// Events are gone that the stream has not delivered. It goes on behind them, unless the request
  /// says `failOnGap()`.
  default void onGap(Gap gap) {}
}
