package io.galerne.spring;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How a consumer is doing on this instance. Immutable.
///
/// @param state what it does
/// @param sequence the last sequence whose handling was committed, or -1 if this instance knows none
/// @param eventTime when the last event happened that this instance handled
/// @param retries attempts that failed, since the application started
/// @param deadLetters events that went to the [DeadLetterHandler], since the application started
/// @param cause why it is [State#FAILING]
public record ListenerStatus(
    String consumer,
    State state,
    long sequence,
    @Nullable Instant eventTime,
    long retries,
    long deadLetters,
    @Nullable Throwable cause) {

  /// What a consumer does on this instance.
  public enum State {
    /// Not started, or stopped.
    STOPPED,
    /// Waits for another instance, which has the consumer's name, to leave it.
    STANDBY,
    /// Paused on all instances.
    PAUSED,
    /// Reads events and has them handled.
    ACTIVE,
    /// Cannot read or handle an event, and will try again. [ListenerStatus#failure()] says why.
    FAILING
  }

  /// The last sequence whose handling was committed; empty if this instance knows none.
  public OptionalLong position() {
    return sequence < 0 ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  /// When the last event happened that this instance handled.
  public Optional<Instant> lastEventTime() {
    return Optional.ofNullable(eventTime);
  }

  /// Why it is [State#FAILING]; empty in any other state.
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
