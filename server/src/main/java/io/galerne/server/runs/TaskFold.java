package io.galerne.server.runs;

import io.galerne.protocol.CustomTaskCompleted;
import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.CustomTaskStarted;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state of a custom task after some of its events. [TaskState] tracks its value. Payloads that
/// cannot be applied here, because they are encoded or do not fit, are kept as stored, so that a
/// reader with the key can apply them. Not safe for use by several threads.
final class TaskFold {
  private TaskState state;
  private final String runId;
  private final long firstSequence;
  private long lastSequence;

  /// The sequence of the last event applied to the value; 0 if there is none.
  private long valueSequence;

  /// Whether that event contains the whole value.
  private boolean whole;

  /// The payloads since then that could not be applied.
  private final List<Stored> unfollowed = new ArrayList<>();

  /// A payload that could not be applied.
  record Stored(long sequence, Payload payload) {
    private long characters() {
      return payload.json().text().length();
    }
  }

  TaskFold(long sequence, CustomTaskEvent first) {
    this.state = TaskState.of(first);
    this.runId = first.workflowRunId();
    this.firstSequence = sequence;
    follow(sequence, first);
  }

  /// Applies the next event of the task.
  void see(long sequence, CustomTaskEvent event) {
    state = state.apply(event);
    follow(sequence, event);
  }

  private void follow(long sequence, CustomTaskEvent event) {
    lastSequence = sequence;
    Payload payload = payload(event);
    if (payload == null) {
      if (event instanceof CustomTaskStarted) {
        unfollowed.clear();
        valueSequence = sequence;
        whole = true;
      }
    } else if (state.staleReason().isEmpty()) {
      unfollowed.clear();
      valueSequence = sequence;
      whole = payload instanceof JsonPayload;
    } else {
      if (payload instanceof JsonPayload || event instanceof CustomTaskStarted) {
        unfollowed.clear();
        valueSequence = 0;
      }
      unfollowed.add(new Stored(sequence, payload));
    }
  }

  static @Nullable Payload payload(CustomTaskEvent event) {
    return switch (event) {
      case CustomTaskStarted started -> started.payload();
      case CustomTaskInProgress progress -> progress.payload();
      case CustomTaskCompleted completed -> completed.payload();
      default -> null;
    };
  }

  TaskState state() {
    return state;
  }

  String runId() {
    return runId;
  }

  long firstSequence() {
    return firstSequence;
  }

  long lastSequence() {
    return lastSequence;
  }

  /// The tracked value; empty if there is none, or an encoded one has replaced it.
  Optional<Json> value() {
    return valueSequence == 0 ? Optional.empty() : state.value();
  }

  long valueSequence() {
    return valueSequence;
  }

  /// Whether the event at [#valueSequence] contains the whole value.
  boolean isWhole() {
    return whole;
  }

  List<Stored> unfollowed() {
    return unfollowed;
  }

  /// The encoded payload that has replaced the value as a whole; null if there is none.
  @Nullable JsonPayload encoded() {
    return !unfollowed.isEmpty() && unfollowed.getFirst().payload() instanceof JsonPayload encoded
        ? encoded
        : null;
  }

  /// The length of its JSON in characters.
  long characters() {
    return value().map(json -> json.text().length()).orElse(0)
        + unfollowed.stream().mapToLong(Stored::characters).sum();
  }
}
