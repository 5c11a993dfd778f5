package io.galerne.server.ingest;

import static io.galerne.server.ingest.Member.Kind.ANY_PAYLOAD;
import static io.galerne.server.ingest.Member.Kind.ATTRIBUTES;
import static io.galerne.server.ingest.Member.Kind.EVENT_TYPE;
import static io.galerne.server.ingest.Member.Kind.FAILURE;
import static io.galerne.server.ingest.Member.Kind.IDENTIFIER;
import static io.galerne.server.ingest.Member.Kind.INTEGER;
import static io.galerne.server.ingest.Member.Kind.JSON_PAYLOAD;
import static io.galerne.server.ingest.Member.Kind.STRING;
import static io.galerne.server.ingest.Member.nullable;
import static io.galerne.server.ingest.Member.optional;
import static io.galerne.server.ingest.Member.required;
import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.galerne.protocol.EventType;
import io.galerne.server.log.Field;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The members that an object of the public schemas names, as they are checked on the way in:
/// what has a default or may be null there may be missing here (contract, section 1).
final class EventShape {
  static final EventShape EVENT =
      new EventShape(
          required("event_id", IDENTIFIER).as(Field.EVENT_ID),
          optional("event_timestamp", INTEGER),
          required("root_workflow_exec_id", STRING).as(Field.ROOT_WORKFLOW_EXEC_ID),
          nullable("parent_workflow_exec_id").as(Field.PARENT_WORKFLOW_EXEC_ID),
          nullable("continued_run_id"),
          nullable("first_execution_run_id"),
          nullable("chain_run_id"),
          nullable("schedule_id"),
          required("workflow_exec_id", STRING).as(Field.WORKFLOW_EXEC_ID),
          required("workflow_run_id", STRING).as(Field.WORKFLOW_RUN_ID),
          required("workflow_name", STRING).as(Field.WORKFLOW_NAME),
          required("event_type", EVENT_TYPE),
          required("attributes", ATTRIBUTES));

  static final EventShape FAILURE_DETAILS = new EventShape(required("message", STRING));

  private static final Map<EventType, EventShape> ATTRIBUTES_BY_TYPE =
      Stream.of(EventType.values())
          .collect(
              toMap(
                  Function.identity(),
                  EventShape::attributes,
                  (one, other) -> one,
                  () -> new EnumMap<>(EventType.class)));

  private final List<Member> members;
  private final Map<String, Integer> positions;

  private EventShape(Member... members) {
    this.members = List.of(members);
    this.positions =
        IntStream.range(0, members.length)
            .boxed()
            .collect(toUnmodifiableMap(i -> members[i].name(), Function.identity()));
  }

  /// The attributes of an event of this type.
  static EventShape attributesOf(EventType type) {
    return requireNonNull(ATTRIBUTES_BY_TYPE.get(type));
  }

  /// Where in [#members()] the member of that name is; -1 if the schema names none.
  int position(String name) {
    Integer position = positions.get(name);
    return position == null ? -1 : position;
  }

  List<Member> members() {
    return members;
  }

  private static EventShape attributes(EventType type) {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED ->
          task(
              required("workflow_name", STRING),
              nullable("display_name"),
              required("input", JSON_PAYLOAD),
              optional("attempt", INTEGER));
      case WORKFLOW_EXECUTION_COMPLETED ->
          task(required("result", JSON_PAYLOAD), optional("attempt", INTEGER));
      case WORKFLOW_EXECUTION_FAILED ->
          task(required("failure", FAILURE), optional("attempt", INTEGER));
      case WORKFLOW_EXECUTION_CANCELED -> task(nullable("reason"), optional("attempt", INTEGER));
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          task(
              required("new_execution_run_id", STRING),
              required("workflow_name", STRING),
              required("input", JSON_PAYLOAD));
      case WORKFLOW_TASK_TIMED_OUT -> task(nullable("timeout_type"));
      case WORKFLOW_TASK_FAILED -> task(required("failure", FAILURE));
      case CUSTOM_TASK_STARTED -> customTask(optional("payload", JSON_PAYLOAD));
      case CUSTOM_TASK_IN_PROGRESS -> customTask(required("payload", ANY_PAYLOAD));
      case CUSTOM_TASK_COMPLETED -> customTask(required("payload", JSON_PAYLOAD));
      case CUSTOM_TASK_FAILED -> customTask(required("failure", FAILURE));
      case CUSTOM_TASK_TIMED_OUT -> customTask(nullable("timeout_type"));
      case CUSTOM_TASK_CANCELED -> customTask(nullable("reason"));
      case ACTIVITY_TASK_STARTED -> activityTask(required("input", JSON_PAYLOAD));
      case ACTIVITY_TASK_COMPLETED -> activityTask(required("result", JSON_PAYLOAD));
      case ACTIVITY_TASK_RETRYING, ACTIVITY_TASK_FAILED ->
          activityTask(required("attempt", INTEGER), required("failure", FAILURE));
    };
  }

  private static EventShape task(Member... more) {
    return with(List.of(required("task_id", STRING)), more);
  }

  private static EventShape activityTask(Member... more) {
    return with(
        List.of(
            required("task_id", STRING).as(Field.ACTIVITY_ID),
            required("activity_name", STRING).as(Field.ACTIVITY_NAME)),
        more);
  }

  private static EventShape customTask(Member... more) {
    return with(
        List.of(
            required("custom_task_id", STRING),
            required("custom_task_type", STRING).as(Field.STREAM)),
        more);
  }

  private static EventShape with(List<Member> first, Member... more) {
    return new EventShape(Stream.concat(first.stream(), Stream.of(more)).toArray(Member[]::new));
  }
}
