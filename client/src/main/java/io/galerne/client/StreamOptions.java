package io.galerne.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a stream behaves, whatever it streams. Immutable.
///
/// @param resumeAfter where to begin; null for where the request begins
/// @param reconnection null for what the client has
/// @param silenceTimeout null for what the client has
/// @param failOnGap whether events that are gone end the stream
record StreamOptions(
    @Nullable Checkpoint resumeAfter,
    @Nullable Reconnection reconnection,
    @Nullable Duration silenceTimeout,
    StreamListener listener,
    boolean failOnGap) {
  StreamOptions resumingAfter(Checkpoint position) {
    return new StreamOptions(position, reconnection, silenceTimeout, listener, failOnGap);
  }
}
