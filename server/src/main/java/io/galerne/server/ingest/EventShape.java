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

import io.galerne.protocol.EventSchema;
import io.galerne.protocol.EventType;
import io.galerne.server.log.Field;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The members of an object in the public schemas, as checked on ingest: members that are nullable
/// or have a default may be missing (contract, section 1). Those of an event's attributes come from
/// [EventSchema], which reading and rendering also follow.
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

  private static final Set<EventType> ACTIVITY_TASKS =
      EnumSet.of(
          EventType.ACTIVITY_TASK_STARTED,
          EventType.ACTIVITY_TASK_COMPLETED,
          EventType.ACTIVITY_TASK_RETRYING,
          EventType.ACTIVITY_TASK_FAILED);

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

  /// Index in [#members()] of the member of that name; -1 if the schema has none.
  int position(String name) {
    Integer position = positions.get(name);
    return position == null ? -1 : position;
  }

  List<Member> members() {
    return members;
  }

  private static EventShape attributes(EventType type) {
    return new EventShape(
        EventSchema.of(type).stream()
            .map(member -> attribute(type, member))
            .toArray(Member[]::new));
  }

  private static Member attribute(EventType type, EventSchema.Member member) {
    String name = member.attribute().wireName();
    Member checked =
        switch (member.presence()) {
          case REQUIRED -> required(name, kind(member));
          case NULLABLE -> nullable(name);
          case OPTIONAL -> optional(name, kind(member));
        };
    return switch (member.attribute()) {
      case TASK_ID -> ACTIVITY_TASKS.contains(type) ? checked.as(Field.ACTIVITY_ID) : checked;
      case ACTIVITY_NAME -> checked.as(Field.ACTIVITY_NAME);
      case CUSTOM_TASK_TYPE -> checked.as(Field.STREAM);
      default -> checked;
    };
  }

  private static Member.Kind kind(EventSchema.Member member) {
    return switch (member.attribute().kind()) {
      case TEXT -> STRING;
      case COUNT -> INTEGER;
      case PAYLOAD -> member.patches() ? ANY_PAYLOAD : JSON_PAYLOAD;
      case FAILURE -> FAILURE;
    };
  }
}
