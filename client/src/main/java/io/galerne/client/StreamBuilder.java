package io.galerne.client;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What can be set for any stream. Not safe for use by several threads.
abstract class StreamBuilder<B extends StreamBuilder<B>> extends ReadBuilder<B> {
  private @Nullable Checkpoint resumeAfter;
  private @Nullable Reconnection reconnection;
  private @Nullable Duration silenceTimeout;
  private StreamListener listener = new StreamListener() {};
  private boolean failOnGap;
  private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;

  StreamOptions streamOptions() {
    return new StreamOptions(
        resumeAfter, reconnection, silenceTimeout, listener, failOnGap, terminalGrace);
  }

  /// Resumes behind the last sequence that was seen, exclusive.
  public B lastEventId(long lastEventId) {
    return resumeAfter(Checkpoint.of(lastEventId));
  }

  /// Resumes behind where another stream had come, and fails where the log is not the same any
  /// more; null begins anew.
  public B resumeAfter(@Nullable Checkpoint position) {
    this.resumeAfter = position;
    return self();
  }

  /// How to come back after the connection ended, in place of what the client has;
  /// `Reconnection.off()` for never.
  public B reconnection(Reconnection reconnection) {
    this.reconnection = reconnection;
    return self();
  }

  /// After how long without a byte the connection counts as dead, in place of what the client has.
  public B silenceTimeout(Duration silenceTimeout) {
    this.silenceTimeout = Backoff.requirePositive(silenceTimeout, "silenceTimeout");
    return self();
  }

  /// How long nothing of an execution must follow its terminal event until the execution is over; by
  /// default [EventStream#DEFAULT_TERMINAL_GRACE]. A worker publishes one more event after the
  /// terminal one, and a workflow with a retry policy fails and starts its next run at once, so
  /// [Duration#ZERO] may end the stream too early.
  ///
  /// @throws IllegalArgumentException if it is negative
  public B terminalGrace(Duration terminalGrace) {
    this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
    return self();
  }

  /// Hears of connections, reconnections and gaps.
  public B listener(StreamListener listener) {
    this.listener = listener;
    return self();
  }

  /// Ends the stream with a [StreamException] where events are gone that it has not delivered.
  /// Without it, the listener and the log are told, and the stream goes on behind them.
  public B failOnGap() {
    this.failOnGap = true;
    return self();
  }
}
