package io.galerne.client.internal.stream;

import io.galerne.client.internal.http.Transport;
import io.galerne.protocol.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Decides whether a stream has delivered all of the execution that it follows. Watches the events;
/// if they are not enough, because the stream starts late or filters hide a run, looks up the
/// stored events.
///
/// A stream that follows no execution is never over. For the reading thread.
final class OverRule {
  private final StreamPlan plan;
  private final Transport transport;
  private final ReadPosition position;
  private final ExecutionLookup lookup;
  private final @Nullable ExecutionWatch watch;

  /// The execution's id; null for none, or for any root.
  private final @Nullable String execution;

  private boolean mustLookUp;

  OverRule(
      StreamPlan plan,
      Transport transport,
      ReadPosition position,
      ExecutionLookup.Waiting waiting) {
    StreamPlan.UntilOver until = plan.until();
    this.plan = plan;
    this.transport = transport;
    this.position = position;
    this.lookup = new ExecutionLookup(transport, waiting);
    this.execution = until == null ? null : until.execution();
    this.watch =
        until == null ? null : new ExecutionWatch(execution, plan.request().terminalGrace());
    this.mustLookUp = execution != null && position.startsLate();
  }

  void saw(Event event) {
    if (watch != null) {
      watch.saw(event);
    }
  }

  void waited(Duration time) {
    if (watch != null) {
      watch.waited(time);
    }
  }

  void connectionLost() {
    if (watch != null) {
      watch.connectionLost();
    }
  }

  /// Whether the newest run has its terminal event; another run may follow.
  boolean hasEnded() {
    return watch != null && watch.hasEnded();
  }

  /// How long to wait for the next event before calling [#decide]; empty to wait without a limit.
  Optional<Duration> untilDecision(StreamConnection open) {
    if (watch == null) {
      return Optional.empty();
    }
    Optional<Duration> left =
        needsLookup()
            ? Optional.of(position.isAtHead(open) ? Duration.ZERO : watch.untilQuiet())
            : watch.untilOver();
    return left.map(wait -> wait.isNegative() ? Duration.ZERO : wait);
  }

  private boolean needsLookup() {
    return mustLookUp && !hasEnded();
  }

  /// Whether the execution is over, after nothing arrived for the time of [#untilDecision].
  ///
  /// @throws ExecutionException if a lookup was needed and failed
  boolean decide(StreamConnection open) throws InterruptedException, ExecutionException {
    if (watch == null) {
      return false;
    }
    if (needsLookup()) {
      lookUp(watch);
      return false; // events stored just now may still be in transit
    }
    if (!watch.isOver()) {
      return false;
    }
    if (execution != null && plan.until() != null && plan.until().hidden()) {
      lookUp(watch);
      return watch.hasEnded();
    }
    return true;
  }

  /// Whether the execution is over, after the server ended the connection cleanly.
  ///
  /// @param saysOver whether this is how the server reports that the execution is over
  /// @throws ExecutionException if a lookup was needed and failed
  boolean afterOrderlyEnd(boolean saysOver) throws InterruptedException, ExecutionException {
    if (watch == null) {
      return false;
    }
    if (saysOver && needsLookup()) {
      lookUp(watch);
    }
    return watch.isOver() || (saysOver && watch.hasEnded());
  }

  private void lookUp(ExecutionWatch watched) throws InterruptedException, ExecutionException {
    if (execution == null) {
      return;
    }
    Optional<ExecutionWatch.Stored> stored = lookup.storedOf(execution, plan.fresh().options());
    stored.ifPresent(found ->
        watched.learned(found, position.resumedAmongExpired(), transport.settings().time().now()));
    mustLookUp = false;
  }
}
