package io.galerne.cli.runs;

import io.galerne.client.ExecutionsAsync;
import io.galerne.client.Mistral;
import io.galerne.client.error.NotFoundException;
import io.galerne.client.runs.ExecutionState;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.client.runs.TraceRequest;
import io.galerne.client.runs.TraceSpan;
import io.galerne.client.runs.TraceSummary;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The executions that wait for input, and since when. Lists do not say so, so the state of each
/// execution under way is requested, a few at a time.
final class Waits {
  /// The number of requests under way at a time.
  private static final int MOST_AT_A_TIME = 8;

  static final Waits NONE = new Waits(Map.of());

  private final Map<String, Wait> waits;

  private Waits(Map<String, Wait> waits) {
    this.waits = Map.copyOf(waits);
  }

  /// A task that waits for input.
  ///
  /// @param label its question; may be empty
  /// @param since when it began to wait; null if the server does not say
  record Wait(String label, @Nullable Instant since) {
    /// Returns text such as `waiting for input for 3 min: Approve?`.
    String words(Instant now) {
      return "waiting for input"
          + (since == null ? "" : " for " + Words.age(since, now))
          + (label.isEmpty() ? "" : ": " + label);
    }
  }

  static Waits of(Mistral mistral, List<Run> runs) {
    List<String> running = List.copyOf(underWay(runs));
    Map<String, Wait> waits = new LinkedHashMap<>();
    for (int from = 0; from < running.size(); from += MOST_AT_A_TIME) {
      List<String> some = running.subList(from, Math.min(running.size(), from + MOST_AT_A_TIME));
      List<CompletableFuture<Optional<Wait>>> answers =
          some.stream().map(id -> ask(mistral, id)).toList();
      for (int i = 0; i < some.size(); i++) {
        String id = some.get(i);
        answer(answers.get(i)).ifPresent(wait -> waits.put(id, wait));
      }
    }
    return new Waits(waits);
  }

  /// Returns the executions of the runs that are under way.
  static Set<String> underWay(List<Run> runs) {
    return runs.stream()
        .filter(run -> Outcome.of(run.status()).isUnderWay())
        .map(Run::executionId)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /// Returns the wait of a run; empty if it does not wait for input.
  Optional<Wait> of(Run run) {
    return Outcome.of(run.status()).isUnderWay()
        ? Optional.ofNullable(waits.get(run.executionId()))
        : Optional.empty();
  }

  private static CompletableFuture<Optional<Wait>> ask(Mistral mistral, String id) {
    ExecutionsAsync executions = mistral.async().workflows().executions();
    return executions
        .state(StateRequest.builder(id).build())
        .thenCompose(state -> {
          Optional<TaskSnapshot> task = waiting(state);
          return task.isEmpty()
              ? CompletableFuture.completedFuture(Optional.empty())
              : executions
                  .traceSummary(TraceRequest.builder(id).build())
                  .thenApply(trace -> Optional.of(wait(task.get(), trace)));
        });
  }

  /// Returns empty if the execution has expired meanwhile, or if the server has no such operation.
  private static Optional<Wait> answer(CompletableFuture<Optional<Wait>> answer) {
    try {
      return answer.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof NotFoundException) {
        return Optional.empty();
      }
      throw e.getCause() instanceof RuntimeException failure ? failure : e;
    }
  }

  /// Returns the task that has waited longest.
  private static Optional<TaskSnapshot> waiting(ExecutionState state) {
    return state.tasks().stream().filter(task -> TaskView.waitingFor(task).isPresent()).findFirst();
  }

  private static Wait wait(TaskSnapshot task, TraceSummary trace) {
    return new Wait(
        TaskView.waitingFor(task).orElse(""),
        trace
            .spanTree()
            .flatMap(root -> span(root, task.customTaskId()))
            .map(TraceSpan::startTime)
            .orElse(null));
  }

  private static Optional<TraceSpan> span(TraceSpan span, String taskId) {
    if (span.endTime().isEmpty()
        && span.text(SpanTree.CUSTOM_TASK_ID).filter(taskId::equals).isPresent()) {
      return Optional.of(span);
    }
    return span.children().stream().flatMap(child -> span(child, taskId).stream()).findFirst();
  }
}
