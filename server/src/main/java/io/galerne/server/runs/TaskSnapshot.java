package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.fault.TooLargeException;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.runs.Run;
import java.time.Clock;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The events that give a late reader of an execution the state of its custom tasks without a
/// replay: per task, the last event with a value, completed to the whole value, then the
/// later events that could not be applied, and the last event. Each has the sequence and the id of
/// a stored event, so a stream of them can be resumed like any other. The start and terminal events
/// of the newest run are included.
///
/// If the reader resumes, tasks that have not changed since are left out, and all events that do
/// not concern custom tasks are included.
public final class TaskSnapshot {
  /// Maximum total size of the events in bytes. Beyond it, a replay is better.
  private static final long MOST_BYTES = 16L << 20;

  /// Limits large enough for every event that could be published.
  private static final Limits LIMITS = new Limits(15 << 20, 16 << 20, 1);

  private final EventLog log;
  private final Run newest;
  private final long after;
  private final PublishBody bodies = new PublishBody(LIMITS, Clock.systemUTC());

  /// The required events by sequence: the value to put into the event, or null to leave it
  /// unchanged.
  private final Map<Long, @Nullable Json> needed = new HashMap<>();

  private final NavigableMap<Long, EventRecord> events = new TreeMap<>();
  private long bytes;
  private boolean complete = true;

  private TaskSnapshot(EventLog log, Run newest, long after) {
    this.log = log;
    this.newest = newest;
    this.after = after;
  }

  /// The events, by sequence; empty if they exceed the limits or a value does not fit into an
  /// event.
  ///
  /// @param newest the newest run of the execution
  /// @param after the last sequence that the reader has seen; 0 if none
  /// @param to the last sequence to include
  /// @param abandoned whether the caller no longer waits for the answer
  /// @throws io.galerne.server.log.LogUnavailableException if the log cannot be read
  public static Optional<NavigableMap<Long, EventRecord>> of(
      EventLog log, Run newest, long after, long to, BooleanSupplier abandoned) {
    ExecutionTasks tasks = ExecutionTasks.read(log, newest, to, abandoned);
    if (tasks.isCut()) {
      return Optional.empty();
    }
    TaskSnapshot snapshot = new TaskSnapshot(log, newest, after);
    tasks.tasks().forEach(snapshot::need);
    snapshot.read(to, abandoned);
    return snapshot.complete ? Optional.of(snapshot.events) : Optional.empty();
  }

  private void need(TaskFold task) {
    task.value()
        .ifPresent(value -> needed.put(task.valueSequence(), task.isWhole() ? null : value));
    task.unfollowed().forEach(stored -> needed.putIfAbsent(stored.sequence(), null));
    needed.putIfAbsent(task.lastSequence(), null);
  }

  private void read(long to, BooleanSupplier abandoned) {
    RunEvents.visit(
        log,
        ExecutionTasks.filter(newest).build(),
        after + 1,
        to,
        abandoned,
        (sequence, event) -> {
          if (needed.containsKey(sequence)) {
            Json value = needed.get(sequence);
            add(sequence, value == null ? copy(event) : with(value, event));
          } else if (isNeeded(event)) {
            add(sequence, copy(event));
          }
          return complete ? Verdict.TAKEN : Verdict.LAST;
        });
  }

  /// Whether an event that does not belong to a custom task is needed.
  private boolean isNeeded(EventRecord event) {
    return switch (event.type()) {
      case CUSTOM_TASK_STARTED,
          CUSTOM_TASK_IN_PROGRESS,
          CUSTOM_TASK_COMPLETED,
          CUSTOM_TASK_FAILED,
          CUSTOM_TASK_TIMED_OUT,
          CUSTOM_TASK_CANCELED ->
          false;
      case WORKFLOW_EXECUTION_STARTED,
          WORKFLOW_EXECUTION_COMPLETED,
          WORKFLOW_EXECUTION_FAILED,
          WORKFLOW_EXECUTION_CANCELED,
          WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          after > 0 || newest.runId().equals(event.text(Field.WORKFLOW_RUN_ID));
      case WORKFLOW_TASK_TIMED_OUT,
          WORKFLOW_TASK_FAILED,
          ACTIVITY_TASK_STARTED,
          ACTIVITY_TASK_COMPLETED,
          ACTIVITY_TASK_RETRYING,
          ACTIVITY_TASK_FAILED ->
          after > 0;
    };
  }

  private void add(long sequence, @Nullable EventRecord event) {
    bytes += event == null ? 0 : event.length();
    if (event == null || bytes > MOST_BYTES) {
      complete = false;
    } else {
      events.put(sequence, event);
    }
  }

  private static EventRecord copy(EventRecord event) {
    int start = event.start();
    byte[] bytes = Arrays.copyOfRange(event.bytes(), start, start + event.length());
    return new EventRecord(bytes, 0, bytes.length);
  }

  /// The event with the whole value instead of patches; null if it would be too large.
  private @Nullable EventRecord with(Json value, EventRecord event) {
    if (!(RunEvents.event(event) instanceof CustomTaskInProgress progress)) {
      throw new IllegalStateException("Only progress brings patches");
    }
    CustomTaskInProgress whole =
        CustomTaskInProgress.builder()
            .header(progress.header())
            .customTaskId(progress.customTaskId())
            .customTaskType(progress.customTaskType())
            .payload(new JsonPayload(value))
            .build();
    String body =
        "{\"event\":"
            + whole.json().text()
            + ",\"stream\":"
            + quote(String.valueOf(event.text(Field.STREAM)))
            + ",\"metadata\":"
            + (event.has(Field.METADATA) ? event.text(Field.METADATA) : "{}")
            + "}";
    try {
      return bodies.single(body.getBytes(UTF_8), newest.namespace());
    } catch (TooLargeException | InvalidRequestException e) {
      return null; // patches may build a value that is too large for a single event
    }
  }
}
