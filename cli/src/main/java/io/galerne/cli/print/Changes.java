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

/// Describes the changes of events. Reads an event's members rather than its type, so that it can
/// describe unknown types.
final class Changes {
  private final TaskStates tasks = new TaskStates();
  private final Values values;

  Changes(Values values) {
    this.values = values;
  }

  Change of(Event event) {
    boolean grows = event.type().filter(EventType.CUSTOM_TASK_IN_PROGRESS::equals).isPresent();
    JsonNode attributes = ExactTree.of(event.json()).path("attributes");
    return new Change(subject(event, attributes), detail(event, attributes), grows);
  }

  private static String subject(Event event, JsonNode attributes) {
    String type = event.eventType();
    if (event.type().isEmpty()) {
      return type.isEmpty() ? "an event without a type" : type;
    } else if (type.startsWith("WORKFLOW_EXECUTION_")) {
      return workflow(event);
    } else if (type.startsWith("WORKFLOW_TASK_")) {
      return "workflow task";
    } else if (type.startsWith("ACTIVITY_TASK_")) {
      return "activity " + attributes.path("activity_name").asString("");
    }
    return "task " + attributes.path("custom_task_type").asString("");
  }

  /// Includes the workflow's name, unless the execution's id begins with it, as many do.
  private static String workflow(Event event) {
    String name = event.workflowName();
    return event.workflowExecId().startsWith(name) ? "workflow" : "workflow " + name;
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

  /// Returns the run that this one continues, although every event has it, for the first event only.
  private static String continuedRun(Event event) {
    boolean start = event.type().filter(EventType.WORKFLOW_EXECUTION_STARTED::equals).isPresent();
    return start ? event.continuedRunId().orElse("") : "";
  }

  private static String run(String words, String id) {
    return id.isEmpty() ? "" : words + id;
  }

  private static String failure(JsonNode attributes) {
    String message = attributes.path("failure").path("message").asString("");
    String attempt = ExactTree.number(attributes.path("attempt"));
    return attempt.isEmpty() || message.isEmpty() ? message : "attempt " + attempt + ": " + message;
  }

  private String payload(JsonNode payload) {
    String encoding = encoding(payload);
    return encoding.isEmpty() ? values.summary(payload.path("value")) : encoding;
  }

  /// Returns the value of the event's custom task after the event, if the event has a payload.
  private String state(Event event, JsonNode payload) {
    Optional<TaskState> state = tasks.apply(event);
    state.filter(task -> task.status().isFinal()).ifPresent(tasks::forget);
    String encoding = encoding(payload);
    if (!encoding.isEmpty() || payload.isMissingNode()) {
      return encoding;
    }
    return state
        .flatMap(TaskState::value)
        .map(value -> values.summary(ExactTree.of(value)))
        .orElse("");
  }

  /// Returns why a payload cannot be read here, such as `(encrypted)`; empty if it can.
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
