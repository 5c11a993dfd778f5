package io.galerne.server.ingest;

import io.galerne.protocol.EventType;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The public schemas of the 17 types, restated for tests from the OpenAPI file and section 1 of
/// the contract.
final class Schema {
  /// The type of a member's value, with a valid value and invalid ones.
  enum Kind {
    TEXT("\"text\"", "string_type", "1", "true", "{}", "[]"),
    INTEGER("3", "int_type", "\"3\"", "1.5", "1e3", "true", "[]", "9223372036854775808"),
    FAILURE("{\"message\":\"no route\"}", "model_attributes_type", "1", "\"no route\"", "[]"),
    JSON(
        "{\"type\":\"json\",\"value\":{\"a\":[1]},\"encoding_options\":null}",
        "model_attributes_type",
        "1",
        "\"text\"",
        "[]"),
    ANY_PAYLOAD(
        "{\"type\":\"json_patch\",\"value\":[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}],"
            + "\"encoding_options\":[]}",
        "model_attributes_type",
        "1",
        "\"text\"",
        "[]");

    final String good;
    final String fault;
    final List<String> bad;

    Kind(String good, String fault, String... bad) {
      this.good = good;
      this.fault = fault;
      this.bad = List.of(bad);
    }
  }

  /// One member of an object.
  record Member(String name, Kind kind, boolean required, boolean nullable) {}

  /// The members that all types have, except `event_type` and `attributes`.
  static final List<Member> COMMON =
      List.of(
          required("event_id", Kind.TEXT),
          optional("event_timestamp", Kind.INTEGER),
          required("root_workflow_exec_id", Kind.TEXT),
          nullable("parent_workflow_exec_id"),
          nullable("continued_run_id"),
          nullable("first_execution_run_id"),
          nullable("chain_run_id"),
          nullable("schedule_id"),
          required("workflow_exec_id", Kind.TEXT),
          required("workflow_run_id", Kind.TEXT),
          required("workflow_name", Kind.TEXT));

  private Schema() {}

  static List<Member> attributes(EventType type) {
    List<Member> members = new ArrayList<>();
    if (type.wireName().startsWith("CUSTOM")) {
      members.add(required("custom_task_id", Kind.TEXT));
      members.add(required("custom_task_type", Kind.TEXT));
    } else {
      members.add(required("task_id", Kind.TEXT));
    }
    if (type.wireName().startsWith("ACTIVITY")) {
      members.add(required("activity_name", Kind.TEXT));
    }
    members.addAll(
        switch (type) {
          case WORKFLOW_EXECUTION_STARTED ->
              List.of(
                  required("workflow_name", Kind.TEXT),
                  nullable("display_name"),
                  required("input", Kind.JSON),
                  optional("attempt", Kind.INTEGER));
          case WORKFLOW_EXECUTION_COMPLETED ->
              List.of(required("result", Kind.JSON), optional("attempt", Kind.INTEGER));
          case WORKFLOW_EXECUTION_FAILED ->
              List.of(required("failure", Kind.FAILURE), optional("attempt", Kind.INTEGER));
          case WORKFLOW_EXECUTION_CANCELED ->
              List.of(nullable("reason"), optional("attempt", Kind.INTEGER));
          case WORKFLOW_EXECUTION_CONTINUED_AS_NEW ->
              List.of(
                  required("new_execution_run_id", Kind.TEXT),
                  required("workflow_name", Kind.TEXT),
                  required("input", Kind.JSON));
          case WORKFLOW_TASK_TIMED_OUT, CUSTOM_TASK_TIMED_OUT -> List.of(nullable("timeout_type"));
          case WORKFLOW_TASK_FAILED, CUSTOM_TASK_FAILED ->
              List.of(required("failure", Kind.FAILURE));
          case CUSTOM_TASK_STARTED -> List.of(optional("payload", Kind.JSON));
          case CUSTOM_TASK_IN_PROGRESS -> List.of(required("payload", Kind.ANY_PAYLOAD));
          case CUSTOM_TASK_COMPLETED -> List.of(required("payload", Kind.JSON));
          case CUSTOM_TASK_CANCELED -> List.of(nullable("reason"));
          case ACTIVITY_TASK_STARTED -> List.of(required("input", Kind.JSON));
          case ACTIVITY_TASK_COMPLETED -> List.of(required("result", Kind.JSON));
          case ACTIVITY_TASK_RETRYING, ACTIVITY_TASK_FAILED ->
              List.of(required("attempt", Kind.INTEGER), required("failure", Kind.FAILURE));
        });
    return members;
  }

  /// An event with every member of its type's schema, so that nothing has to be inserted.
  static SampleEvent full(EventType type) {
    SampleEvent event = SampleEvent.of(type);
    COMMON.forEach(member -> event.with(member.name(), member.kind().good));
    attributes(type).forEach(member -> event.attribute(member.name(), member.kind().good));
    return event;
  }

  /// Every member of every type's attributes.
  static Stream<TypedMember> everyAttribute() {
    return Stream.of(EventType.values())
        .flatMap(type -> attributes(type).stream().map(member -> new TypedMember(type, member)));
  }

  /// A member of the attributes of a type.
  record TypedMember(EventType type, Member member) {
    @Override
    public String toString() {
      return type + "." + member.name();
    }
  }

  private static Member required(String name, Kind kind) {
    return new Member(name, kind, true, false);
  }

  private static Member optional(String name, Kind kind) {
    return new Member(name, kind, false, false);
  }

  private static Member nullable(String name) {
    return new Member(name, Kind.TEXT, false, true);
  }
}
