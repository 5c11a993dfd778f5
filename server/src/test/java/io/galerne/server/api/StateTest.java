package io.galerne.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.TaskState;
import io.galerne.protocol.TaskStates;
import io.galerne.server.SampleEvents;
import io.galerne.server.log.SampleEvent;
import java.util.Comparator;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// The state of custom tasks over HTTP (contract, section 8).
class StateTest extends RunsFixture {
  private static final String STATE = EXECUTIONS + "exec/state";
  private static final String ENCRYPTED = ",\"encoding_options\":[\"encrypted\"]}";

  private JsonNode onlyTask() {
    JsonNode tasks = get(STATE).get("tasks");
    assertThat(tasks).hasSize(1);
    return tasks.get(0);
  }

  private void publish(EventType type, String payload) {
    server.publish(SampleEvent.of(type).attribute("payload", payload).event());
  }

  private static String whole(String value) {
    return "{\"type\":\"json\",\"value\":" + value + "}";
  }

  private static String patch(String operations) {
    return "{\"type\":\"json_patch\",\"value\":" + operations + "}";
  }

  @Test
  void equalsTheClientsFoldOfTheEventsAtAnySequence() {
    publishScenario();
    TaskStates states = new TaskStates();
    long sequence = 0;
    for (String body : SampleEvents.scenario()) {
      sequence++;
      Event event = Json.of(JSON.readTree(body).get("event").toString()).as(Event.class);
      if (event.workflowExecId().equals("document-review-7f3a")) {
        states.apply(event);
      }
      JsonNode state = get(EXECUTIONS + "document-review-7f3a/state?at_seq=" + sequence);
      assertThat(state.get("broker_sequence").asLong()).isEqualTo(sequence);
      assertThat(
              state
                  .get("tasks")
                  .valueStream()
                  .map(task ->
                      task.get("custom_task_id").asString()
                          + task.get("status").asString()
                          + task.get("value"))
                  .sorted())
          .as("at %s", sequence)
          .containsExactlyElementsOf(
              states.all().stream()
                  .filter(task -> !task.isActivity())
                  .map(StateTest::drawn)
                  .sorted(Comparator.naturalOrder())
                  .toList());
    }
    assertThat(get(EXECUTIONS + "document-review-7f3a/state").get("broker_sequence").asLong())
        .isEqualTo(sequence);
  }

  private static String drawn(TaskState task) {
    return task.taskId() + task.status() + task.value().map(Json::tree).orElse(null);
  }

  @Test
  void appliesPatchesAndAppends() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("{\"text\":\"Bon\",\"n\":12345678901234567890}"));
    publish(
        EventType.CUSTOM_TASK_IN_PROGRESS,
        patch("[{\"op\":\"append\",\"path\":\"/text\",\"value\":\"jour\"}]"));
    JsonNode task = onlyTask();
    assertThat(server.get(STATE).body())
        .contains("\"value\":{\"text\":\"Bonjour\",\"n\":12345678901234567890}");
    assertThat(task.get("status").asString()).isEqualTo("RUNNING");
    assertThat(task.get("stale_reason").isNull()).isTrue();
    assertThat(task.get("encoding_options").isNull()).isTrue();
    assertThat(task.get("patches")).isEmpty();
    assertThat(task.get("broker_sequence").asLong()).isEqualTo(2);
  }

  @Test
  void passesOnAnEncryptedValueAndMarksIt() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("\"plain\""));
    publish(EventType.CUSTOM_TASK_IN_PROGRESS, "{\"type\":\"json\",\"value\":\"kV1q\"" + ENCRYPTED);
    publish(
        EventType.CUSTOM_TASK_IN_PROGRESS,
        "{\"type\":\"json_patch\",\"value\":\"bW9y\"" + ENCRYPTED);
    JsonNode task = onlyTask();
    assertThat(task.get("value").asString()).isEqualTo("kV1q");
    assertThat(task.get("encoding_options").toString()).isEqualTo("[\"encrypted\"]");
    assertThat(task.get("stale_reason").asString()).contains("encrypted");
    assertThat(task.get("patches").toString())
        .isEqualTo(
            "[{\"type\":\"json_patch\",\"value\":\"bW9y\",\"encoding_options\":[\"encrypted\"]}]");
  }

  @Test
  void encryptedPatchesOfAPlainValueFollowIt() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("{\"a\":1}"));
    publish(
        EventType.CUSTOM_TASK_IN_PROGRESS,
        "{\"type\":\"json_patch\",\"value\":\"bW9y\"" + ENCRYPTED);
    JsonNode task = onlyTask();
    assertThat(task.get("value").toString()).isEqualTo("{\"a\":1}");
    assertThat(task.get("encoding_options").isNull()).isTrue();
    assertThat(task.get("patches")).hasSize(1);
    publish(EventType.CUSTOM_TASK_COMPLETED, whole("2"));
    assertThat(onlyTask().get("value").asInt()).isEqualTo(2);
    assertThat(onlyTask().get("patches")).isEmpty();
    assertThat(onlyTask().get("stale_reason").isNull()).isTrue();
  }

  @Test
  void aFailedTaskKeepsItsValueAndItsError() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("[1]"));
    server.publish(SampleEvent.of(EventType.CUSTOM_TASK_FAILED).event());
    JsonNode task = onlyTask();
    assertThat(task.get("status").asString()).isEqualTo("FAILED");
    assertThat(task.get("value").toString()).isEqualTo("[1]");
    assertThat(task.get("failure").asString()).isEqualTo("no route");
  }

  @Test
  void refusesABadSequenceOrAnUnknownExecution() {
    assertThat(server.get(STATE).statusCode()).isEqualTo(404);
    publish(EventType.CUSTOM_TASK_STARTED, whole("1"));
    assertThat(server.get(STATE + "?at_seq=-1").statusCode()).isEqualTo(422);
    var answer = server.get(STATE + "?at_seq=now");
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(JSON.readTree(answer.body()).get("detail")).hasSize(1);
    assertThat(get(STATE + "?at_seq=0").get("tasks")).isEmpty();
    assertThat(get(STATE + "?at_seq=100").get("broker_sequence").asLong()).isEqualTo(1);
  }
}
