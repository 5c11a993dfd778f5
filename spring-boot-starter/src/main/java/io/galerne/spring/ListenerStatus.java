package io.galerne.spring;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The status of a consumer on this instance. Immutable.
///
/// @param state the consumer's state
/// @param sequence the last committed sequence, or -1 if this instance knows none
/// @param eventTime the time of the last event that this instance handled
/// @param retries the number of failed attempts since the application started
/// @param deadLetters the number of events that went to the [DeadLetterHandler] since the
///     application started
/// @param cause why the state is [State#FAILING]
public record ListenerStatus(
    String consumer,
    State state,
    long sequence,
    @Nullable Instant eventTime,
    long retries,
    long deadLetters,
    @Nullable Throwable cause) {

  /// The state of a consumer on this instance.
  public enum State {
    /// Not started, or stopped.
    STOPPED,
    /// Waits for another instance to release the consumer's name.
    STANDBY,
    /// Paused on all instances.
    PAUSED,
    /// Reads and handles events.
    ACTIVE,
    /// Cannot read or handle an event, and will retry. [ListenerStatus#failure()] says why.
    FAILING
  }

  /// The last committed sequence; empty if this instance knows none.
  public OptionalLong position() {
    return sequence < 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  /// The time of the last event that this instance handled; empty if there is none.
  public Optional<Instant> lastEventTime() {
    return Optional.ofNullable(eventTime);
  }

  /// Why the state is [State#FAILING]; empty in any other state.
  public Optional<Throwable> failure() {
    return Optional.ofNullable(cause);
  }

  static ListenerStatus stopped(String consumer) {
    return new ListenerStatus(consumer, State.STOPPED, -1, null, 0, 0, null);
  }

  ListenerStatus now(State state) {
    return new ListenerStatus(consumer, state, sequence, eventTime, retries, deadLetters, null);
  }

  ListenerStatus failing(Throwable cause) {
    return new ListenerStatus(
        consumer, State.FAILING, sequence, eventTime, retries, deadLetters, cause);
  }

  ListenerStatus at(long sequence) {
    return new ListenerStatus(consumer, state, sequence, eventTime, retries, deadLetters, cause);
  }

  ListenerStatus handled(long sequence, Instant eventTime) {
    return new ListenerStatus(
        consumer, State.ACTIVE, sequence, eventTime, retries, deadLetters, null);
  }

  ListenerStatus retrying(Throwable cause) {
    return new ListenerStatus(
        consumer, State.FAILING, sequence, eventTime, retries + 1, deadLetters, cause);
  }

  ListenerStatus oneMoreDeadLetter() {
    return new ListenerStatus(
        consumer, state, sequence, eventTime, retries, deadLetters + 1, cause);
  }
}
