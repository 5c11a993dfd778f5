package io.galerne.client.runs;

import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One run of an execution, with its status and result (contract, section 8). Immutable.
///
/// An execution has one or more runs: continue-as-new, a retry or a reset starts another run under
/// the same execution id. Times are those of the events. [#json()] holds the server's whole JSON,
/// including members without a method here.
public final class Run {
  private final String workflowName;
  private final String executionId;
  private final @Nullable String runId;
  private final @Nullable String parentExecutionId;
  private final String rootExecutionId;
  private final @Nullable String statusName;
  private final Instant startTime;
  private final @Nullable Instant endTime;
  private final @Nullable Json result;
  private final Json json;

  private Run(Members run, @Nullable PayloadDecoder decoder) {
    workflowName = run.requiredString("workflow_name");
    executionId = run.requiredString("execution_id");
    runId = run.string("run_id");
    parentExecutionId = run.string("parent_execution_id");
    rootExecutionId = run.requiredString("root_execution_id");
    statusName = run.string("status");
    startTime = run.requiredTime("start_time");
    endTime = run.time("end_time");
    Json value = run.value("result");
    result = value == null || decoder == null ? value : decoded(value, decoder);
    json = run.json();
  }

  /// Parses a run from the JSON of a response. Needed only by tests that replace the client.
  ///
  /// @throws io.galerne.protocol.MalformedEventException if the JSON does not have the form of the
  ///     contract
  public static Run of(Json json) {
    return of(json, null);
  }

  /// As [#of(Json)].
  ///
  /// @param decoder decodes an encoded result; null leaves it encoded
  public static Run of(Json json, @Nullable PayloadDecoder decoder) {
    return new Run(Members.of(json), decoder);
  }

  /// An encoded result is an object with `b64payload`, the payload's bytes in base64, and
  /// `encoding_options`.
  private static Json decoded(Json result, PayloadDecoder decoder) {
    if (result.text().charAt(0) != '{') {
      return result;
    }
    Members encoded = Members.of(result);
    Json bytes = encoded.value("b64payload");
    Json names = encoded.value("encoding_options");
    if (bytes == null || names == null) {
      return result;
    }
    Payload payload = decoder.decode(new JsonPayload(bytes, Members.strings(names.elements())));
    return payload instanceof JsonPayload json ? json.value() : result;
  }

  /// The name of the workflow.
  public String workflowName() {
    return workflowName;
  }

  /// The id of the execution.
  public String executionId() {
    return executionId;
  }

  /// The id of the run; empty if the server does not say.
  public Optional<String> runId() {
    return Optional.ofNullable(runId);
  }

  /// The execution that started this one; empty for a root.
  public Optional<String> parentExecutionId() {
    return Optional.ofNullable(parentExecutionId);
  }

  /// The root of the execution tree; for a root, itself.
  public String rootExecutionId() {
    return rootExecutionId;
  }

  /// The run's status; [RunStatus#UNKNOWN] if this client does not know the server's.
  public RunStatus status() {
    return RunStatus.of(statusName);
  }

  /// The run's status in the server's spelling; empty if there is none.
  public Optional<String> statusName() {
    return Optional.ofNullable(statusName);
  }

  /// When the run started.
  public Instant startTime() {
    return startTime;
  }

  /// When the run ended; empty if it has not.
  public Optional<Instant> endTime() {
    return Optional.ofNullable(endTime);
  }

  /// How long the run took; empty if it has not ended. Zero if clock skew puts the end before the
  /// start.
  public Optional<Duration> duration() {
    return endTime()
        .map(end -> end.isBefore(startTime) ? Duration.ZERO : Duration.between(startTime, end));
  }

  /// The run's result, exactly as the worker wrote it. Empty if there is no result or the result is
  /// null, and in lists, which omit results.
  ///
  /// An encoded result is decoded if the client or the call has a decoder. Otherwise it is an
  /// object with `b64payload` and `encoding_options`, as the server sent it.
  public Optional<Json> result() {
    return Optional.ofNullable(result);
  }

  /// The server's JSON, verbatim.
  public Json json() {
    return json;
  }

  /// Compares everything that has a method here, except [#json()].
  @Override
  public boolean equals(Object other) {
    return other instanceof Run run && run.values().equals(values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  private List<@Nullable Object> values() {
    return Arrays.asList(
        workflowName,
        executionId,
        runId,
        parentExecutionId,
        rootExecutionId,
        statusName,
        startTime,
        endTime,
        result);
  }

  /// The execution, its workflow and its status, for display.
  @Override
  public String toString() {
    return executionId + " of " + workflowName + ": " + statusName().orElse("no status");
  }
}
