package io.galerne.server.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.fault.Fault;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.ingest.Schema.Kind;
import io.galerne.server.ingest.Schema.Member;
import io.galerne.server.ingest.Schema.TypedMember;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.Scenario;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/// The 17 types against the public schemas: required and optional members, and inserted defaults.
class EventSchemaTest {
  private static final SampleEvent COMMON = SampleEvent.any();

  static Stream<TypedMember> everyAttribute() {
    return Schema.everyAttribute();
  }

  static List<Member> commonMembers() {
    return Schema.COMMON;
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void acceptsAnEventWithOnlyRequiredMembers(EventType type) {
    for (Form form : Form.values()) {
      EventRecord record = form.readEvent(SampleEvent.of(type).event());
      assertThat(record.type()).isEqualTo(type);
    }
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void keepsACompleteEventUnchanged(EventType type) {
    String event = Schema.full(type).event();
    for (Form form : Form.values()) {
      assertThat(Published.data(form.readEvent(event))).isEqualTo(event);
    }
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void addsEveryMissingNullableMember(EventType type) {
    JsonNode data = Published.tree(Published.single(SampleEvent.of(type).body())).path("data");
    Schema.COMMON.stream()
        .filter(Member::nullable)
        .forEach(member -> assertThat(data.get(member.name())).isNotNull());
    for (Member member : Schema.attributes(type)) {
      JsonNode value = data.path("attributes").get(member.name());
      if (member.nullable()) {
        assertThat(value).as(member.name()).isNotNull();
        assertThat(value.isNull()).as(member.name()).isTrue();
      }
      if (member.required() && (member.kind() == Kind.JSON || member.kind() == Kind.ANY_PAYLOAD)) {
        assertThat(value.toString())
            .isEqualTo("{\"value\":1,\"type\":\"json\",\"encoding_options\":null}");
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyAttribute")
  void reportsAMissingAttribute(TypedMember typed) {
    String event = Schema.full(typed.type()).withoutAttribute(typed.member().name()).event();
    assertMissing(event, typed.member(), "attributes", typed.member().name());
  }

  @ParameterizedTest
  @MethodSource("commonMembers")
  void reportsAMissingMember(Member member) {
    String event = Schema.full(EventType.CUSTOM_TASK_STARTED).without(member.name()).event();
    assertMissing(event, member, member.name());
  }

  private static void assertMissing(String event, Member member, Object... path) {
    for (Form form : Form.values()) {
      if (member.required()) {
        assertThat(form.faultsOf(event))
            .singleElement()
            .satisfies(fault -> {
              assertThat(fault.type()).isEqualTo("missing");
              assertThat(fault.loc()).isEqualTo(form.loc(path));
              assertThat(fault.msg()).isEqualTo("Field required");
              assertThat(Published.JSON.readTree(fault.input()).isMissingNode()).isFalse();
            });
      } else {
        form.readEvent(event);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyAttribute")
  void reportsAnAttributeOfTheWrongType(TypedMember typed) {
    Member member = typed.member();
    for (String bad : member.kind().bad) {
      String event = Schema.full(typed.type()).attribute(member.name(), bad).event();
      assertFault(event, member.kind().fault, bad, "attributes", member.name());
    }
  }

  @ParameterizedTest
  @MethodSource("commonMembers")
  void reportsAMemberOfTheWrongType(Member member) {
    for (String bad : member.kind().bad) {
      String event = Schema.full(EventType.CUSTOM_TASK_STARTED).with(member.name(), bad).event();
      assertFault(event, member.kind().fault, bad, member.name());
    }
  }

  @ParameterizedTest
  @MethodSource("everyAttribute")
  void acceptsNullAttributesAsTheSchemaDoes(TypedMember typed) {
    Member member = typed.member();
    String event = Schema.full(typed.type()).attribute(member.name(), "null").event();
    if (member.nullable()) {
      assertThat(Published.data(Form.SINGLE.readEvent(event))).isEqualTo(event);
    } else {
      assertFault(event, member.kind().fault, "null", "attributes", member.name());
    }
  }

  @ParameterizedTest
  @MethodSource("commonMembers")
  void acceptsNullMembersAsTheSchemaDoes(Member member) {
    String event = Schema.full(EventType.CUSTOM_TASK_STARTED).with(member.name(), "null").event();
    if (member.nullable()) {
      assertThat(Published.data(Form.SINGLE.readEvent(event))).isEqualTo(event);
    } else {
      assertFault(event, member.kind().fault, "null", member.name());
    }
  }

  @Test
  void refusesAnEmptyEventId() {
    assertFault(SampleEvent.any().id("").event(), "string_too_short", "\"\"", "event_id");
  }

  @Test
  void refusesAnUnknownType() {
    for (String type : List.of("WORKFLOW_EXECUTION_PAUSED", "", "workflow_execution_started")) {
      String event = SampleEvent.any().text("event_type", type).event();
      assertFault(event, "enum", JsonText.quote(type), "event_type");
    }
    assertFault(
        SampleEvent.any().with("event_type", "1").event(), "string_type", "1", "event_type");
    assertFault(
        SampleEvent.any().with("event_type", "null").event(), "string_type", "null", "event_type");
  }

  @Test
  void reportsAMissingTypeOrAttributes() {
    for (Form form : Form.values()) {
      assertThat(form.faultsOf(COMMON.event().replace("event_type", "other")))
          .extracting(Fault::loc)
          .containsExactly(form.loc("event_type"));
      assertThat(form.faultsOf(COMMON.event().replace("attributes", "other")))
          .extracting(Fault::loc)
          .containsExactly(form.loc("attributes"));
    }
  }

  @Test
  void refusesAttributesThatAreNotAnObject() {
    for (String bad : List.of("null", "1", "\"text\"", "[]")) {
      String last = SampleEvent.any().with("attributes", bad).event();
      assertFault(last, "model_attributes_type", bad, "attributes");
      String first = "{\"attributes\":" + bad + "," + SampleEvent.any().event().substring(1);
      assertFault(
          first.replace(",\"attributes\":{\"task_id\":\"1\"}", ""),
          "model_attributes_type",
          bad,
          "attributes");
    }
  }

  @Test
  void reportsAMissingOrBadFailureMessage() {
    SampleEvent event = SampleEvent.of(EventType.WORKFLOW_TASK_FAILED);
    assertThat(Form.SINGLE.faultsOf(event.attribute("failure", "{\"msg\":\"x\"}").event()))
        .extracting(Fault::type, Fault::loc, Fault::input)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(
                "missing", Form.SINGLE.loc("attributes", "failure", "message"), "{\"msg\":\"x\"}"));
    assertFault(
        event.attribute("failure", "{\"message\":7}").event(),
        "string_type",
        "7",
        "attributes",
        "failure",
        "message");
  }

  @Test
  void refusesADuplicateMember() {
    String twice = COMMON.event().replaceFirst("\\{", "{\"workflow_name\":\"other\",");
    assertFault(twice, "duplicate_member", "\"review\"", "workflow_name");
    String escaped = COMMON.event().replaceFirst("\\{", "{\"workflow\\\\u005fname\":\"other\",");
    assertFault(escaped, "duplicate_member", "\"review\"", "workflow_name");
    String inAttributes = COMMON.event().replace("{\"task_id\"", "{\"task_id\":\"0\",\"task_id\"");
    assertFault(inAttributes, "duplicate_member", "\"1\"", "attributes", "task_id");
  }

  @Test
  void reportsAllFaultsInTheOrderOfTheBody() {
    String event =
        SampleEvent.of(EventType.ACTIVITY_TASK_FAILED)
            .with("event_id", "1")
            .without("workflow_run_id")
            .with("event_timestamp", "\"now\"")
            .withoutAttribute("activity_name")
            .attribute("attempt", "null")
            .attribute("failure", "{}")
            .event();
    for (Form form : Form.values()) {
      assertThat(form.faultsOf(event))
          .extracting(Fault::loc)
          .containsExactlyInAnyOrder(
              form.loc("event_id"),
              form.loc("event_timestamp"),
              form.loc("attributes", "attempt"),
              form.loc("attributes", "failure", "message"),
              form.loc("attributes", "activity_name"),
              form.loc("workflow_run_id"));
    }
  }

  @Test
  void checksAttributesThatComeBeforeTheirType() {
    for (EventType type : EventType.values()) {
      String event = attributesFirst(Schema.full(type).event());
      assertThat(Published.data(Form.SINGLE.readEvent(event))).isEqualTo(event);
      String minimal = attributesFirst(SampleEvent.of(type).event());
      JsonNode late = Published.tree(Form.SINGLE.readEvent(SampleEvent.of(type).event()));
      JsonNode early = Published.tree(Form.SINGLE.readEvent(minimal));
      assertThat(early.path("data").path("attributes"))
          .isEqualTo(late.path("data").path("attributes"));
    }
    String bad = attributesFirst(COMMON.event().replace("\"task_id\":\"1\"", "\"task_id\":1"));
    assertFault(bad, "string_type", "1", "attributes", "task_id");
  }

  private static String attributesFirst(String event) {
    int from = event.indexOf(",\"attributes\":");
    return "{"
        + event.substring(from + 1, event.length() - 1)
        + ","
        + event.substring(1, from)
        + "}";
  }

  @Test
  void findsAttributesAtAnyPosition() {
    String event = SampleEvent.of(EventType.ACTIVITY_TASK_STARTED).event();
    for (String body : List.of(event, attributesFirst(event))) {
      EventRecord record = Form.SINGLE.readEvent(body);
      assertThat(record.text(Field.ACTIVITY_ID)).isEqualTo("5");
      assertThat(record.text(Field.ACTIVITY_NAME)).isEqualTo("load");
    }
  }

  @Test
  void acceptsEveryEventOfTheScenario() {
    for (String body : Scenario.bodies()) {
      EventRecord record = Published.single(body);
      JsonNode sent = Published.JSON.readTree(body).path("event");
      JsonNode data = Published.tree(record).path("data");
      sent.properties().stream()
          .filter(member -> !member.getKey().equals("attributes"))
          .forEach(member -> assertThat(data.get(member.getKey())).isEqualTo(member.getValue()));
    }
  }

  private static void assertFault(String event, String type, String input, Object... path) {
    for (Form form : Form.values()) {
      assertThat(form.faultsOf(event))
          .as(event)
          .singleElement()
          .satisfies(fault -> {
            assertThat(fault.type()).isEqualTo(type);
            assertThat(fault.loc()).isEqualTo(form.loc(path));
            assertThat(fault.input()).isEqualTo(input);
            assertThat(fault.msg()).isNotEmpty();
          });
    }
  }
}
