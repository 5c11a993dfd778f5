package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.CustomTaskStarted;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.TaskState;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The state of a custom task, which the server assembled from the task's events (contract,
/// section 8). Immutable.
public final class TaskSnapshot {
  private final String customTaskId;
  private final String customTaskType;
  private final @Nullable String runId;
  private final String statusName;
  private final @Nullable Json value;
  private final @Nullable String staleReason;
  private final @Nullable String failure;
  private final @Nullable String reason;
  private final long brokerSequence;
  private final Json json;

  private TaskSnapshot(Members task, @Nullable Json value, @Nullable String staleReason) {
    this.customTaskId = task.requiredString("custom_task_id");
    this.customTaskType = task.requiredString("custom_task_type");
    this.runId = task.string("run_id");
    this.statusName = task.requiredString("status");
    this.failure = task.string("failure");
    this.reason = task.string("reason");
    this.brokerSequence = task.requiredInteger("broker_sequence");
    this.json = task.json();
    this.value = value;
    this.staleReason = staleReason;
  }

  /// Parses a task's state from the JSON of a response.
  ///
  /// @param decoder decodes encoded values; null leaves them encoded
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static TaskSnapshot of(Json json, @Nullable PayloadDecoder decoder) {
    Members task = Members.of(json);
    List<String> options = Members.strings(task.elements("encoding_options"));
    List<Json> patches = task.elements("patches");
    if (decoder == null || (options.isEmpty() && patches.isEmpty())) {
      return new TaskSnapshot(task, task.value("value"), task.string("stale_reason"));
    }
    TaskState state = followed(task, options, patches, decoder);
    return new TaskSnapshot(
        task,
        state.value().filter(value -> !value.equals(Json.NULL)).orElse(null),
        state.staleReason().orElse(null));
  }

  /// Does what the server cannot: decodes the value and applies the events after it.
  private static TaskState followed(
      Members task, List<String> options, List<Json> patches, PayloadDecoder decoder) {
    String id = task.requiredString("custom_task_id");
    String type = task.requiredString("custom_task_type");
    EventHeader header =
        EventHeader.builder().workflowExecId(id).workflowRunId(id).workflowName(type).build();
    Json value = Optional.ofNullable(task.value("value")).orElse(Json.NULL);
    TaskState state =
        TaskState.of(
            CustomTaskStarted.builder()
                .header(header)
                .customTaskId(id)
                .customTaskType(type)
                .payload(decoder.decode(new JsonPayload(value, options)))
                .build());
    for (Json patch : patches) {
      state =
          state.apply(
              CustomTaskInProgress.builder()
                  .header(header)
                  .customTaskId(id)
                  .customTaskType(type)
                  .payload(decoder.decode(EventReader.payload(patch.text())))
                  .build());
    }
    return state;
  }

  /// The id of the task.
  public String customTaskId() {
    return customTaskId;
  }

  /// The type of the task.
  public String customTaskType() {
    return customTaskType;
  }

  /// The run that started the task; empty if the server does not say.
  public Optional<String> runId() {
    return Optional.ofNullable(runId);
  }

  /// The task's status; empty if this client does not know the server's.
  public Optional<TaskState.Status> status() {
    for (TaskState.Status status : TaskState.Status.values()) {
      if (status.name().equals(statusName)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /// The task's status in the server's spelling.
  public String statusName() {
    return statusName;
  }

  /// The task's value after all patches, exactly as the server sent it. Empty if it is unknown or
  /// null.
  ///
  /// An encoded value is decoded if the client or the call has a decoder. Otherwise it stays
  /// encoded, and [#staleReason()] says so.
  public Optional<Json> value() {
    return Optional.ofNullable(value);
  }

  /// Why [#value()] is not the latest value as the worker wrote it; empty if it is.
  public Optional<String> staleReason() {
    return Optional.ofNullable(staleReason);
  }

  /// Why the task failed; empty if it has not.
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /// Why the task was canceled, or which timeout expired; empty if unknown.
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /// The sequence of the task's last event.
  public long brokerSequence() {
    return brokerSequence;
  }

  /// The server's JSON, verbatim.
  public Json json() {
    return json;
  }

  /// The task, its status and its value, for display.
  @Override
  public String toString() {
    return customTaskType
        + (" " + customTaskId)
        + (" " + statusName)
        + value().map(held -> " " + held).orElse("");
  }
}
