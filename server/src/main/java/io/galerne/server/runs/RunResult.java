package io.galerne.server.runs;

import static io.galerne.server.ingest.JsonText.quote;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.UnknownPayload;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunStatus;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/// The result of a run as JSON, from its `WORKFLOW_EXECUTION_COMPLETED`.
public final class RunResult {
  private RunResult() {}

  /// A run with its result.
  ///
  /// @throws io.galerne.server.log.LogUnavailableException if the log cannot be read
  public static String json(EventLog log, Run run) {
    return RunJson.run(run, of(log, run));
  }

  /// The result; `null` if there is none.
  static String of(EventLog log, Run run) {
    if (run.ending() != RunStatus.COMPLETED) {
      return "null";
    }
    Optional<Event> event = RunEvents.at(log, run, run.ended().sequence());
    return event.orElse(null) instanceof WorkflowExecutionCompleted completed
        ? value(completed.result())
        : "null";
  }

  /// The value of a payload. An encoded payload is returned whole, as stored, plus the `b64payload`
  /// that the official clients decode.
  private static String value(Payload payload) {
    return switch (payload) {
      case JsonPayload json when json.encodingOptions().isEmpty() -> json.value().text();
      case JsonPayload json -> encoded(json.value(), json.encodingOptions());
      case JsonPatchPayload patch -> patch.json().text();
      case UnknownPayload unknown -> unknown.json().text();
    };
  }

  private static String encoded(Json value, List<String> options) {
    String base64 =
        value.tree().isString()
            ? value.tree().stringValue()
            : Base64.getEncoder().encodeToString(value.text().getBytes(UTF_8));
    return "{\"type\":\"json\",\"value\":"
        + value.text()
        + ",\"encoding_options\":"
        + RunJson.strings(options)
        + ",\"b64payload\":"
        + quote(base64)
        + "}";
  }
}
