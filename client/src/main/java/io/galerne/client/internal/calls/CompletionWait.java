package io.galerne.client.internal.calls;

import io.galerne.client.RequestOptions;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.StreamException;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.stream.ReconnectingStream;
import io.galerne.client.internal.stream.StreamPlan;
import io.galerne.client.runs.CompletionRequest;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Scope;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Waits until an execution is over. Follows the events of the execution's runs, of which there are
/// few; if the server has no stream, polls.
///
/// One thread runs it; any thread may call [#cancel()], which wakes that thread.
public final class CompletionWait {
  private final CompletionRequest request;
  private final Transport transport;
  private final CompletableFuture<Void> cancelled = new CompletableFuture<>();

  public CompletionWait(CompletionRequest request, Transport transport) {
    this.request = request;
    this.transport = transport;
  }

  /// The number of listeners for the cancellation, which must not grow during the wait.
  public int listeners() {
    return cancelled.getNumberOfDependents();
  }

  /// Ends the wait.
  void cancel() {
    cancelled.complete(null);
  }

  /// Waits.
  ///
  /// @return the newest run, which has ended
  /// @throws CancellationException if it was cancelled, or the thread was interrupted
  public Run run() {
    Run run = get(Optional.empty());
    if (isOver(run) && hasBeenOver(run)) {
      return run;
    }
    Optional<Checkpoint> seen = follow();
    return poll(get(seen), seen);
  }

  /// Follows the execution until it is over.
  ///
  /// @return the position after the last event; empty if the server has no stream
  private Optional<Checkpoint> follow() {
    try (EventStream stream = ReconnectingStream.open(StreamPlan.of(stream()), transport)) {
      cancelled.thenRun(stream::close);
      stream.forEach(event -> {});
      requireWanted();
      if (stream.ending().filter(Ending.CLOSED::equals).isPresent()) {
        throw new IllegalStateException("This client is closed"); // its streams are closed first
      }
      return stream.position();
    } catch (ApiException e) {
      if (hasNoStream(e)) {
        return Optional.empty();
      }
      throw e;
    } catch (StreamException e) {
      if (e.kind() == StreamException.Kind.INTERRUPTED) {
        throw interrupted(e);
      }
      throw e;
    }
  }

  private StreamEventsRequest stream() {
    return StreamEventsRequest.builder()
        .options(request.options())
        .workflowExecId(request.executionId())
        .scope(Scope.WORKFLOW)
        .terminalGrace(request.terminalGrace())
        .untilTerminal()
        .build();
  }

  /// Whether the server lacks the operation, or something else responds in its place.
  private static boolean hasNoStream(ApiException e) {
    return switch (e.status()) {
      case 200, 404, 405, 406, 501 -> e.position().isEmpty();
      default -> false;
    };
  }

  /// Polls until the newest run has ended and no other has followed for the grace period.
  private Run poll(Run first, Optional<Checkpoint> seen) {
    Run run = first;
    boolean wasOver = seen.isPresent() && isOver(run);
    while (!wasOver) {
      requireWanted();
      boolean over = isOver(run);
      if (over && hasBeenOver(run)) {
        break;
      }
      sleep(
          over ? shorter(request.terminalGrace(), request.pollInterval()) : request.pollInterval());
      Run next = get(seen);
      wasOver = over && isOver(next) && next.equals(run);
      run = next;
    }
    return run;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }

  private static boolean isOver(Run run) {
    return run.status().isFinal() && run.status() != RunStatus.CONTINUED_AS_NEW;
  }

  /// Whether the run ended at least the grace period ago, so that no other run follows.
  private boolean hasBeenOver(Run run) {
    Instant now = transport.settings().time().now();
    return run.endTime().filter(end -> end.plus(request.terminalGrace()).isBefore(now)).isPresent();
  }

  /// The newest run, no older than the last seen event.
  private Run get(Optional<Checkpoint> seen) {
    RequestOptions.Builder options = request.options().toBuilder();
    seen.ifPresent(at -> options.header("last-event-id", Long.toString(at.sequence())));
    CompletableFuture<Run> answer =
        transport.callDecoding(
            Calls.execution(request.executionId(), options.build()), Answered.decoded(Run::of));
    try {
      Transport.await(CompletableFuture.anyOf(answer, cancelled)); // keeps nothing once it is done
    } finally {
      answer.cancel(true);
    }
    return Transport.await(answer);
  }

  private void sleep(Duration time) {
    CompletableFuture<Void> enough = transport.settings().time().after(time);
    try {
      CompletableFuture.anyOf(enough, cancelled, transport.closing()).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(e);
    } catch (ExecutionException e) {
      throw Transport.unchecked(e.getCause());
    } finally {
      enough.cancel(false);
    }
  }

  private void requireWanted() {
    transport.requireOpen();
    if (cancelled.isDone()) {
      throw cancellation("The wait for an execution was cancelled", null);
    }
  }

  private static CancellationException interrupted(Exception cause) {
    return cancellation("The thread was interrupted while it waited for an execution", cause);
  }

  private static CancellationException cancellation(String message, @Nullable Exception cause) {
    CancellationException cancelled = new CancellationException(message);
    cancelled.initCause(cause);
    return cancelled;
  }
}
