package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Parses and renders the events that all modules test with.
class ScenarioTest {
  private static final List<String> LATER_MEMBERS =
      List.of("continued_run_id", "first_execution_run_id", "chain_run_id", "schedule_id");

  static Stream<String> events() {
    return Scenario.events().stream();
  }

  @Test
  void hasEveryType() {
    assertThat(Scenario.events()).hasSize(50);
    assertThat(events().map(EventReader::event).map(Event::getClass).distinct())
        .hasSameSizeAs(EventType.values())
        .doesNotContain(UnknownEvent.class);
  }

  @ParameterizedTest
  @MethodSource("events")
  void parsesEveryEventAsItsType(String text) {
    Event event = EventReader.event(text);
    String word = Json.of(text).tree().path("event_type").asString();
    assertThat(event.getClass().getSimpleName().toUpperCase(Locale.ROOT))
        .isEqualTo(word.replace("_", ""));
    assertThat(event.eventType()).isEqualTo(word);
    assertThat(event.type()).contains(EventType.valueOf(word));
    assertThat(event.json().text()).isEqualTo(text);
  }

  @ParameterizedTest
  @MethodSource("events")
  void parsesEveryEventInsideAStreamEvent(String text) {
    String frame = Scenario.streamEvent(text, 9_007_199_254_740_993L);
    StreamEvent event = EventReader.streamEvent(frame);
    assertThat(event.json().text()).isEqualTo(frame);
    assertThat(event.brokerSequence()).isEqualTo(9_007_199_254_740_993L);
    assertThat(event.data()).isEqualTo(EventReader.event(text));
    assertThat(event.workflowContext())
        .isEqualTo(new WorkflowContext("default", "w", "e", null, "e"));
  }

  @ParameterizedTest
  @MethodSource("events")
  void rendersEveryEventWithTheSameValues(String text) {
    Json written = Events.rendered(EventReader.event(text));
    assertThat(LATER_MEMBERS).allMatch(written.tree()::has);
    assertThat(withAllMembers(written.tree())).isEqualTo(withAllMembers(Json.of(text).tree()));
    assertThat(Events.rendered(EventReader.event(written.text()))).isEqualTo(written);
  }

  /// Adds null for omitted nullable members.
  private static JsonNode withAllMembers(JsonNode event) {
    ObjectNode whole = (ObjectNode) event;
    LATER_MEMBERS.forEach(member -> putMissing(whole, member, NullNode.getInstance()));
    ObjectNode attributes = (ObjectNode) whole.path("attributes");
    for (String payload : List.of("input", "result", "payload")) {
      if (attributes.path(payload) instanceof ObjectNode object) {
        putMissing(object, "encoding_options", NullNode.getInstance());
      }
    }
    String type = whole.path("event_type").asString();
    if (type.startsWith("WORKFLOW_EXECUTION_") && !type.endsWith("CONTINUED_AS_NEW")) {
      putMissing(attributes, "attempt", IntNode.valueOf(1));
    }
    if (type.equals("WORKFLOW_EXECUTION_STARTED")) {
      putMissing(attributes, "display_name", NullNode.getInstance());
    }
    return whole;
  }

  private static void putMissing(ObjectNode object, String member, JsonNode value) {
    if (!object.has(member)) {
      object.set(member, value);
    }
  }
}
