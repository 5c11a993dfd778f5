package io.galerne.protocol;

import static io.galerne.protocol.Attribute.ACTIVITY_NAME;
import static io.galerne.protocol.Attribute.ATTEMPT;
import static io.galerne.protocol.Attribute.CUSTOM_TASK_ID;
import static io.galerne.protocol.Attribute.CUSTOM_TASK_TYPE;
import static io.galerne.protocol.Attribute.DISPLAY_NAME;
import static io.galerne.protocol.Attribute.FAILURE;
import static io.galerne.protocol.Attribute.INPUT;
import static io.galerne.protocol.Attribute.NEW_EXECUTION_RUN_ID;
import static io.galerne.protocol.Attribute.PAYLOAD;
import static io.galerne.protocol.Attribute.REASON;
import static io.galerne.protocol.Attribute.RESULT;
import static io.galerne.protocol.Attribute.TASK_ID;
import static io.galerne.protocol.Attribute.TIMEOUT_TYPE;
import static io.galerne.protocol.Attribute.WORKFLOW_NAME;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// The attributes of each event type (contract, section 1), in rendering order. Parsing, rendering,
/// the event builders and the server's validation all use this table.
public final class EventSchema {
  /// Whether an attribute may be missing.
  public enum Presence {
    /// It must be present.
    REQUIRED,
    /// It may be missing or null; rendered as null.
    NULLABLE,
    /// It may be missing, but not null. A missing attribute is not rendered; a missing count is 1.
    OPTIONAL
  }

  /// An attribute of an event type.
  ///
  /// @param patches whether a payload may be a JSON Patch
  public record Member(Attribute attribute, Presence presence, boolean patches) {}

  private static final Map<EventType, List<Member>> BY_TYPE = new EnumMap<>(EventType.class);

  static {
    for (EventType type : EventType.values()) {
      BY_TYPE.put(type, members(type));
    }
  }

  private EventSchema() {}

  /// The attributes of an event type.
  public static List<Member> of(EventType type) {
    return Objects.requireNonNull(BY_TYPE.get(type));
  }

  private static List<Member> members(EventType type) {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED ->
          task(required(WORKFLOW_NAME), nullable(DISPLAY_NAME), required(INPUT), optional(ATTEMPT));
      case WORKFLOW_EXECUTION_COMPLETED -> task(required(RESULT), optional(ATTEMPT));
      case WORKFLOW_EXECUTION_FAILED -> task(required(FAILURE), optional(ATTEMPT));
      case WORKFLOW_EXECUTION_CANCELED -> task(nullable(REASON), optional(ATTEMPT));
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
          task(required(NEW_EXECUTION_RUN_ID), required(WORKFLOW_NAME), required(INPUT));
      case WORKFLOW_TASK_TIMED_OUT -> task(nullable(TIMEOUT_TYPE));
      case WORKFLOW_TASK_FAILED -> task(required(FAILURE));
      case CUSTOM_TASK_STARTED -> customTask(optional(PAYLOAD));
      case CUSTOM_TASK_IN_PROGRESS -> customTask(new Member(PAYLOAD, Presence.REQUIRED, true));
      case CUSTOM_TASK_COMPLETED -> customTask(required(PAYLOAD));
      case CUSTOM_TASK_FAILED -> customTask(required(FAILURE));
      case CUSTOM_TASK_TIMED_OUT -> customTask(nullable(TIMEOUT_TYPE));
      case CUSTOM_TASK_CANCELED -> customTask(nullable(REASON));
      case ACTIVITY_TASK_STARTED -> task(required(ACTIVITY_NAME), required(INPUT));
      case ACTIVITY_TASK_COMPLETED -> task(required(ACTIVITY_NAME), required(RESULT));
      case ACTIVITY_TASK_RETRYING, ACTIVITY_TASK_FAILED ->
          task(required(ACTIVITY_NAME), required(ATTEMPT), required(FAILURE));
    };
  }

  private static List<Member> task(Member... more) {
    return with(List.of(required(TASK_ID)), more);
  }

  private static List<Member> customTask(Member... more) {
    return with(List.of(required(CUSTOM_TASK_ID), required(CUSTOM_TASK_TYPE)), more);
  }

  private static List<Member> with(List<Member> first, Member... more) {
    return Stream.concat(first.stream(), Stream.of(more)).toList();
  }

  private static Member required(Attribute attribute) {
    return new Member(attribute, Presence.REQUIRED, false);
  }

  private static Member nullable(Attribute attribute) {
    return new Member(attribute, Presence.NULLABLE, false);
  }

  private static Member optional(Attribute attribute) {
    return new Member(attribute, Presence.OPTIONAL, false);
  }
}
