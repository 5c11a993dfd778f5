package io.galerne.client;

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

/// What a custom task holds, as the server has put it together from the task's events (contract,
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

  /// Reads what a task holds from the JSON of an answer.
  ///
  /// @param decoder what decodes encoded values; null if they stay as they came
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

  /// Does what the server could not: decodes the value, and applies what came after it.
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

  /// The run that started it; empty if the server does not say.
  public Optional<String> runId() {
    return Optional.ofNullable(runId);
  }

  /// How far it is; empty if the server says something that is not known here.
  public Optional<TaskState.Status> status() {
    for (TaskState.Status status : TaskState.Status.values()) {
      if (status.name().equals(statusName)) {
        return Optional.of(status);
      }
    }
    return Optional.empty();
  }

  /// How far it is, in the server's word.
  public String statusName() {
    return statusName;
  }

  /// What it holds, after all patches: exactly as the server says. Empty if nothing is known of it, or
  /// if it is null.
  ///
  /// An encoded value is decoded if the client or the call has a decoder. Otherwise it is encoded here
  /// too, and [#staleReason()] says so.
  public Optional<Json> value() {
    return Optional.ofNullable(value);
  }

  /// Why [#value()] is not the latest value as the worker wrote it; empty if it is.
  public Optional<String> staleReason() {
    return Optional.ofNullable(staleReason);
  }

  /// Why it failed; empty if it has not.
  public Optional<String> failure() {
    return Optional.ofNullable(failure);
  }

  /// Why it was canceled, or which time ran out; empty if nobody said.
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /// The sequence of its last event.
  public long brokerSequence() {
    return brokerSequence;
  }

  /// What the server said, exactly as it came.
  public Json json() {
    return json;
  }

  /// For people: what it is, how far, and its value.
  @Override
  public String toString() {
    return customTaskType
        + (" " + customTaskId)
        + (" " + statusName)
        + value().map(held -> " " + held).orElse("");
  }
}
