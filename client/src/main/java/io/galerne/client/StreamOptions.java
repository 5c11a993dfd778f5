package io.galerne.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a stream behaves, whatever it streams. Immutable.
///
/// @param resumeAfter where to start; null for where the request starts
/// @param reconnection null for the client's
/// @param silenceTimeout null for the client's
/// @param failOnGap whether events that are gone end the stream
/// @param terminalGrace how long nothing must follow a terminal event until its execution is over
record StreamOptions(
    @Nullable Checkpoint resumeAfter,
    @Nullable Reconnection reconnection,
    @Nullable Duration silenceTimeout,
    StreamListener listener,
    boolean failOnGap,
    Duration terminalGrace) {
  StreamOptions resumingAfter(Checkpoint position) {
    return new StreamOptions(
        position, reconnection, silenceTimeout, listener, failOnGap, terminalGrace);
  }
}
