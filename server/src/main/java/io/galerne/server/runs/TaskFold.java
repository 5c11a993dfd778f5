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

/// What a custom task holds after some of its events. [TaskState] follows its value; what cannot be
/// followed here, because it is encoded or does not fit, is kept beside it as it was stored, so that
/// whoever has the key can continue from there. For one thread.
final class TaskFold {
  private TaskState state;
  private final String runId;
  private final long firstSequence;
  private long lastSequence;

  /// The sequence of the last event that the value is from; 0 if there is none.
  private long valueSequence;

  /// Whether that event brought the value as a whole.
  private boolean whole;

  /// The payloads since then.
  private final List<Stored> unfollowed = new ArrayList<>();

  /// A payload that could not be followed.
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

  /// Takes the next event of the task into account.
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

  /// The value that could be followed; empty if none could, or an encoded one has taken its place.
  Optional<Json> value() {
    return valueSequence == 0 ? Optional.empty() : state.value();
  }

  long valueSequence() {
    return valueSequence;
  }

  /// Whether the event with [#valueSequence] has the whole value in it.
  boolean isWhole() {
    return whole;
  }

  List<Stored> unfollowed() {
    return unfollowed;
  }

  /// The whole payload that is encoded and has taken the place of every value before; null if there is
  /// none.
  @Nullable JsonPayload encoded() {
    return !unfollowed.isEmpty() && unfollowed.getFirst().payload() instanceof JsonPayload encoded
        ? encoded
        : null;
  }

  /// How many characters of JSON it holds.
  long characters() {
    return value().map(json -> json.text().length()).orElse(0)
        + unfollowed.stream().mapToLong(Stored::characters).sum();
  }
}
