package io.galerne.cli.print;

import static java.util.stream.Collectors.joining;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.protocol.TaskState;
import io.galerne.protocol.TaskStates;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Puts into words what events change. Goes by what an event holds more than by its type, so that
/// it has something to say about types that it does not know.
final class Changes {
  private static final int SHORT_RUN_ID = 6;

  private final TaskStates tasks = new TaskStates();
  private final Values values;

  Changes(Values values) {
    this.values = values;
  }

  Change of(Event event) {
    boolean grows = event.type().filter(EventType.CUSTOM_TASK_IN_PROGRESS::equals).isPresent();
    JsonNode attributes = event.json().tree().path("attributes");
    return new Change(subject(event, attributes), detail(event, attributes), grows);
  }

  private static String subject(Event event, JsonNode attributes) {
    String type = event.eventType();
    if (event.type().isEmpty()) {
      return type.isEmpty() ? "an event without a type" : type;
    } else if (type.startsWith("WORKFLOW_EXECUTION_")) {
      return "workflow";
    } else if (type.startsWith("WORKFLOW_TASK_")) {
      return "workflow task";
    } else if (type.startsWith("ACTIVITY_TASK_")) {
      return "activity " + attributes.path("activity_name").asString("");
    }
    return "task " + attributes.path("custom_task_type").asString("");
  }

  private String detail(Event event, JsonNode attributes) {
    return Stream.of(
            run("continues run ", continuedRun(event)),
            run("as run ", attributes.path("new_execution_run_id").asString("")),
            failure(attributes),
            attributes.path("reason").asString(""),
            attributes.path("timeout_type").asString("").toLowerCase(Locale.ROOT).replace('_', ' '),
            payload(attributes.path("input")),
            payload(attributes.path("result")),
            state(event, attributes.path("payload")))
        .filter(text -> !text.isEmpty())
        .collect(joining("  "));
  }

  /// Said by every event of the run, and worth telling once.
  private static String continuedRun(Event event) {
    boolean start = event.type().filter(EventType.WORKFLOW_EXECUTION_STARTED::equals).isPresent();
    return start ? event.continuedRunId().orElse("") : "";
  }

  private static String run(String words, String id) {
    return id.isEmpty() ? "" : words + id.substring(0, Math.min(SHORT_RUN_ID, id.length()));
  }

  private static String failure(JsonNode attributes) {
    String message = attributes.path("failure").path("message").asString("");
    JsonNode attempt = attributes.path("attempt");
    return attempt.isNumber() && !message.isEmpty()
        ? "attempt " + attempt.asString() + ": " + message
        : message;
  }

  private String payload(JsonNode payload) {
    String encoding = encoding(payload);
    return encoding.isEmpty() ? values.summary(payload.path("value")) : encoding;
  }

  /// What the custom task of this event holds after it, where the event says something about that.
  private String state(Event event, JsonNode payload) {
    Optional<TaskState> state = tasks.apply(event);
    state.filter(task -> task.status().isFinal()).ifPresent(tasks::forget);
    String encoding = encoding(payload);
    if (!encoding.isEmpty() || payload.isMissingNode()) {
      return encoding;
    }
    return state.flatMap(TaskState::value).map(value -> values.summary(value.tree())).orElse("");
  }

  /// Why a payload cannot be read here, such as `(encrypted)`; empty where it can.
  private static String encoding(JsonNode payload) {
    String options =
        payload
            .path("encoding_options")
            .valueStream()
            .map(JsonNode::asString)
            .collect(joining(", "));
    return options.isEmpty() ? "" : "(" + options + ")";
  }
}
