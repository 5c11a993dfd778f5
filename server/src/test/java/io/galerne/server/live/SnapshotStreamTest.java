package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.SseMessage;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.TaskState;
import io.galerne.protocol.TaskStates;
import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Joining an execution late with a snapshot of its tasks instead of a replay (contract, section
/// 8).
@Timeout(120)
@ExtendWith(QuietServer.class)
class SnapshotStreamTest {
  private static final String STREAM = "/v1/workflows/executions/exec/stream";
  private static final String SNAPSHOT = STREAM + "?snapshot=true";

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void publish(EventType type, String payload) {
    server.publish(SampleEvent.of(type).attribute("payload", payload).event());
  }

  private static String whole(String value) {
    return "{\"type\":\"json\",\"value\":" + value + "}";
  }

  private static String append(String text) {
    return "{\"type\":\"json_patch\",\"value\":[{\"op\":\"append\",\"path\":\"/text\",\"value\":\""
        + text
        + "\"}]}";
  }

  private static StreamEvent event(SseMessage message) {
    return Json.of(message.data()).as(StreamEvent.class);
  }

  /// The stored messages of a stream with that query.
  private List<SseMessage> stored(String query) {
    try (StreamReader reader = server.stream(STREAM + "?event_source=DATABASE" + query).open()) {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      return reader.messages();
    }
  }

  @Test
  void beginsWithTheWholeValueAndContinuesLive() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("{\"text\":\"\"}"));
    for (String token : List.of("Bon", "jour", " !")) {
      publish(EventType.CUSTOM_TASK_IN_PROGRESS, append(token));
    }
    try (StreamReader reader = server.stream(SNAPSHOT).open()) {
      reader.await(1);
      publish(EventType.CUSTOM_TASK_IN_PROGRESS, append(" Salut"));
      List<SseMessage> messages = reader.await(2);
      assertThat(reader.sequences()).containsExactly(4L, 5L);
      assertThat(messages.getFirst().data())
          .contains("\"payload\":{\"type\":\"json\",\"value\":{\"text\":\"Bonjour !\"}")
          .contains("\"broker_sequence\":4}");
      TaskStates states = new TaskStates();
      messages.forEach(message -> states.apply(event(message).data()));
      assertThat(states.all().getFirst().value())
          .hasToString("Optional[{\"text\":\"Bonjour ! Salut\"}]");
    }
  }

  @Test
  void showsTheNewestRunAndEndsWithTheExecution() {
    server.publish(SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).run("old").event());
    server.publish(
        SampleEvent.of(EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW).run("old").event());
    server.publish(SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).event());
    server.publish(SampleEvent.of(EventType.ACTIVITY_TASK_STARTED).event());
    server.publish(SampleEvent.of(EventType.WORKFLOW_EXECUTION_COMPLETED).event());
    try (StreamReader reader = server.stream(SNAPSHOT).open()) {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).containsExactly(3L, 5L);
    }
  }

  @Test
  void waitsForAnUnknownExecution() {
    try (StreamReader reader = server.stream(SNAPSHOT).open()) {
      publish(EventType.CUSTOM_TASK_STARTED, whole("1"));
      reader.await(1);
      assertThat(reader.sequences()).containsExactly(1L);
    }
  }

  @Test
  void keepsEncryptedValuesUnchanged() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("\"plain\""));
    String encrypted = "\"value\":\"kV1q\",\"encoding_options\":[\"encrypted\"]}";
    publish(EventType.CUSTOM_TASK_IN_PROGRESS, "{\"type\":\"json\"," + encrypted);
    publish(EventType.CUSTOM_TASK_IN_PROGRESS, "{\"type\":\"json_patch\"," + encrypted);
    List<SseMessage> messages = stored("&snapshot=true");
    assertThat(messages).extracting(StreamReader::sequence).containsExactly(2L, 3L);
    assertThat(messages).allSatisfy(message -> assertThat(message.data()).contains(encrypted));
  }

  @Test
  void replaysAValueTooLargeForAnEvent() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("{\"text\":\"\"}"));
    String part = "x".repeat(1_900_000);
    for (int i = 0; i < 9; i++) {
      publish(EventType.CUSTOM_TASK_IN_PROGRESS, append(part));
    }
    assertThat(stored("&snapshot=true")).hasSize(10);
  }

  @Test
  void aLargeValueArrivesInOneEvent() {
    publish(EventType.CUSTOM_TASK_STARTED, whole("{\"text\":\"\"}"));
    String part = "x".repeat(1_000_000);
    for (int i = 0; i < 4; i++) {
      publish(EventType.CUSTOM_TASK_IN_PROGRESS, append(part));
    }
    List<SseMessage> messages = stored("&snapshot=true");
    assertThat(messages).hasSize(1);
    assertThat(messages.getFirst().data()).contains(part.repeat(4));
  }

  /// A reader that joins and loses its connection at any time has the same values as after a full
  /// replay.
  @Test
  void joiningAndResumingAnywhereEqualsAReplay() {
    Random random = Seed.random("joiningAndResumingAnywhereEqualsAReplay");
    for (int round = 0; round < 25; round++) {
      for (int i = random.nextInt(20); i >= 0; i--) {
        server.publish(randomEvent(random));
      }
      Map<String, String> expected = values(stored(""));
      List<SseMessage> snapshot = stored("&snapshot=true");
      assertThat(values(snapshot)).isEqualTo(expected);
      assertThat(snapshot).extracting(StreamReader::sequence).isSorted().doesNotHaveDuplicates();
      int cut = random.nextInt(snapshot.size() + 1);
      List<SseMessage> received = new ArrayList<>(snapshot.subList(0, cut));
      for (int i = random.nextInt(5); i > 0; i--) {
        server.publish(randomEvent(random));
      }
      String last = cut == 0 ? "" : "&last_event_id=" + StreamReader.sequence(received.getLast());
      received.addAll(stored("&snapshot=true" + last));
      assertThat(values(received)).as("cut after %s", cut).isEqualTo(values(stored("")));
      assertThat(received).extracting(StreamReader::sequence).isSorted().doesNotHaveDuplicates();
    }
  }

  /// The status and value of each task, or `stale` if the value is not the latest.
  private static Map<String, String> values(List<SseMessage> messages) {
    TaskStates states = new TaskStates();
    messages.forEach(message -> states.apply(event(message).data()));
    Map<String, String> values = new TreeMap<>();
    for (TaskState state : states.all()) {
      if (!state.isActivity()) {
        boolean stale = state.staleReason().isPresent();
        values.put(
            state.taskId(),
            state.status() + (stale ? " stale" : " " + state.value().map(Json::tree)));
      }
    }
    return values;
  }

  private static String randomEvent(Random random) {
    EventType[] types = {
      EventType.CUSTOM_TASK_STARTED,
      EventType.CUSTOM_TASK_IN_PROGRESS,
      EventType.CUSTOM_TASK_IN_PROGRESS,
      EventType.CUSTOM_TASK_IN_PROGRESS,
      EventType.CUSTOM_TASK_COMPLETED,
      EventType.CUSTOM_TASK_FAILED,
      EventType.CUSTOM_TASK_CANCELED,
      EventType.ACTIVITY_TASK_STARTED,
      EventType.WORKFLOW_EXECUTION_STARTED
    };
    EventType type = types[random.nextInt(types.length)];
    SampleEvent event = SampleEvent.of(type).run("run-" + random.nextInt(2));
    if (type.name().startsWith("CUSTOM")) {
      event.attribute("custom_task_id", "\"task-" + random.nextInt(4) + "\"");
      boolean takesPatches = type == EventType.CUSTOM_TASK_IN_PROGRESS;
      String payload =
          switch (random.nextInt(takesPatches ? 6 : 3)) {
            case 0 -> whole("{\"text\":\"" + random.nextInt(100) + "\"}");
            case 1 -> whole("[1,2]");
            case 2 -> "{\"type\":\"json\",\"value\":\"kV\",\"encoding_options\":[\"encrypted\"]}";
            default -> append("" + random.nextInt(100));
          };
      boolean takesOne = type.name().matches(".*(STARTED|PROGRESS|COMPLETED)");
      if (takesOne && (type != EventType.CUSTOM_TASK_STARTED || random.nextBoolean())) {
        event.attribute("payload", payload);
      }
    }
    return event.event();
  }
}
