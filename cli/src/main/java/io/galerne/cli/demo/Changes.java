package io.galerne.cli.demo;

import static io.galerne.protocol.EventType.CUSTOM_TASK_CANCELED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_COMPLETED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_FAILED;
import static io.galerne.protocol.EventType.CUSTOM_TASK_TIMED_OUT;
import static java.util.stream.Collectors.joining;

import io.galerne.protocol.EventType;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// Puts into words what events change. Goes by what an event holds more than by its type, so that
/// it has something to say about types that it does not know.
final class Changes {
  private static final int SHORT_RUN_ID = 6;
  private static final Set<EventType> ENDS_OF_TASKS =
      EnumSet.of(
          CUSTOM_TASK_COMPLETED, CUSTOM_TASK_FAILED, CUSTOM_TASK_TIMED_OUT, CUSTOM_TASK_CANCELED);

  private final TaskStates tasks = new TaskStates();
  private final Values values;

  Changes(Values values) {
    this.values = values;
  }

  Change of(StreamEvent event) {
    boolean grows = event.type().filter(EventType.CUSTOM_TASK_IN_PROGRESS::equals).isPresent();
    return new Change(subject(event), detail(event), grows);
  }

  private static String subject(StreamEvent event) {
    String type = event.typeName();
    if (event.type().isEmpty()) {
      return type.isEmpty() ? "an event without a type" : type;
    } else if (type.startsWith("WORKFLOW_EXECUTION_")) {
      return "workflow";
    } else if (type.startsWith("WORKFLOW_TASK_")) {
      return "workflow task";
    } else if (type.startsWith("ACTIVITY_TASK_")) {
      return "activity " + event.attributes().path("activity_name").asString("");
    }
    return "task " + event.attributes().path("custom_task_type").asString("");
  }

  private String detail(StreamEvent event) {
    JsonNode attributes = event.attributes();
    return Stream.of(
            run("continues run ", continuedRun(event)),
            run("as run ", attributes.path("new_execution_run_id")),
            failure(attributes),
            attributes.path("reason").asString(""),
            attributes.path("timeout_type").asString("").toLowerCase(Locale.ROOT).replace('_', ' '),
            payload(attributes.path("input")),
            payload(attributes.path("result")),
            state(event))
        .filter(text -> !text.isEmpty())
        .collect(joining("  "));
  }

  /// Said by every event of the run, and worth telling once.
  private static JsonNode continuedRun(StreamEvent event) {
    boolean start = event.type().filter(EventType.WORKFLOW_EXECUTION_STARTED::equals).isPresent();
    return event.data().path(start ? "continued_run_id" : "");
  }

  private static String run(String words, JsonNode runId) {
    String id = runId.asString("");
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

  /// What the task of this event holds after it.
  private String state(StreamEvent event) {
    String encoding = encoding(event.attributes().path("payload"));
    String state = encoding.isEmpty() ? values.summary(tasks.after(event)) : encoding;
    if (event.type().filter(ENDS_OF_TASKS::contains).isPresent()) {
      tasks.forget(event);
    }
    return state;
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
