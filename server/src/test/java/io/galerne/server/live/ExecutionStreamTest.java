package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The stream of one execution (contract, section 4).
@Timeout(60)
@ExtendWith(QuietServer.class)
class ExecutionStreamTest {
  private static final String STARTED = "WORKFLOW_EXECUTION_STARTED";

  @TempDir Path folder;

  private RunningServer server;
  private int published;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// Publishes an event and returns its sequence.
  private long publish(String execution, EventType type) {
    server.publish(SampleEvents.event("e" + published++, execution, type));
    return published;
  }

  /// Publishes an event of that run.
  private long publish(String execution, String run, EventType type) {
    server.publish(
        SampleEvents.event("e" + published++, execution, type)
            .replace("\"workflow_run_id\":\"run-1\"", "\"workflow_run_id\":\"" + run + "\""));
    return published;
  }

  private void restart(Duration grace) {
    server.close();
    server = RunningServer.start(folder, RunningServer.config().executionGrace(grace));
  }

  private long publish(String execution) {
    return publish(execution, EventType.CUSTOM_TASK_IN_PROGRESS);
  }

  private static String target(String execution, String query) {
    String id = URLEncoder.encode(execution, StandardCharsets.UTF_8).replace("+", "%20");
    return "/v1/workflows/executions/" + id + "/stream" + query;
  }

  private StreamReader stream(String execution, String query) {
    return server.stream(target(execution, query)).open();
  }

  @Test
  void databaseReturnsStoredEventsAndEnds() {
    publish("a", EventType.valueOf(STARTED));
    publish("b");
    publish("a");
    try (StreamReader reader = stream("a", "?event_source=DATABASE");
        StreamReader nobody = stream("nobody", "?event_source=DATABASE")) {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).containsExactly(1L, 3L);
      assertThat(nobody.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(nobody.sequences()).isEmpty();
    }
  }

  @Test
  void liveReturnsOnlyNewEvents() {
    publish("a");
    try (StreamReader reader = stream("a", "?event_source=LIVE")) {
      publish("b");
      publish("a");
      publish("a", EventType.WORKFLOW_EXECUTION_COMPLETED);
      publish("a");
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).containsExactly(3L, 4L, 5L);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?event_source=HYBRID", "?event_source=*", "?event_source="})
  void hybridIsTheDefaultAndReturnsBoth(String query) {
    publish("a");
    try (StreamReader reader = stream("a", query)) {
      publish("b");
      publish("a");
      reader.await(2);
      assertThat(reader.sequences()).containsExactly(1L, 3L);
      assertThat(reader.end()).isEqualTo(End.OPEN);
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {
        "WORKFLOW_EXECUTION_COMPLETED",
        "WORKFLOW_EXECUTION_FAILED",
        "WORKFLOW_EXECUTION_CANCELED"
      })
  void endsIfNothingFollowsTheTerminalEvent(EventType terminal) {
    publish("a", "run-1", EventType.valueOf(STARTED));
    try (StreamReader live = stream("a", "")) {
      publish("a", "run-1", EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW);
      publish("a", "run-2", EventType.valueOf(STARTED));
      publish("b", "run-2", terminal);
      publish("a", "run-2", terminal);
      publish("a", "run-2", EventType.ACTIVITY_TASK_COMPLETED);
      assertThat(live.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(live.sequences()).containsExactly(1L, 2L, 3L, 5L, 6L);
    }
    try (StreamReader stored = stream("a", "")) {
      assertThat(stored.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(stored.sequences()).containsExactly(1L, 2L, 3L, 5L, 6L);
    }
  }

  /// The execution `witness` ends later: when its stream ends, that of `a` would have ended too.
  @ParameterizedTest
  @EnumSource(
      names = {
        "WORKFLOW_EXECUTION_COMPLETED",
        "WORKFLOW_EXECUTION_FAILED",
        "WORKFLOW_EXECUTION_CANCELED"
      })
  void aRunThatStartsWithinTheGraceKeepsTheStreamOpen(EventType terminal) {
    publish("a", "run-1", EventType.valueOf(STARTED));
    try (StreamReader hybrid = stream("a", "");
        StreamReader live = stream("a", "?event_source=LIVE");
        StreamReader resumed = stream("a", "?last_event_id=1");
        StreamReader witness = stream("witness", "")) {
      publish("a", "run-1", terminal);
      hybrid.await(2);
      publish("a", "run-2", EventType.valueOf(STARTED));
      publish("a", "run-1", EventType.ACTIVITY_TASK_COMPLETED); // late
      publish("witness", terminal);
      assertThat(witness.awaitEnd()).isEqualTo(End.ORDERLY);
      for (StreamReader reader : List.of(hybrid, live, resumed)) {
        assertThat(reader.end()).isEqualTo(End.OPEN);
      }
      publish("a", "run-2", EventType.WORKFLOW_EXECUTION_COMPLETED);
      for (StreamReader reader : List.of(hybrid, live, resumed)) {
        assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      }
      assertThat(hybrid.sequences()).containsExactly(1L, 2L, 3L, 4L, 6L);
      assertThat(live.sequences()).containsExactly(2L, 3L, 4L, 6L);
      assertThat(resumed.sequences()).containsExactly(2L, 3L, 4L, 6L);
    }
  }

  @Test
  void theTerminalEventOfAnOlderRunEndsNothing() {
    publish("a", "run-1", EventType.valueOf(STARTED));
    publish("a", "run-2", EventType.valueOf(STARTED));
    publish("a", "run-1", EventType.WORKFLOW_EXECUTION_FAILED);
    restart(Duration.ZERO); // everything is stored now, and past its grace
    try (StreamReader all = stream("a", "");
        StreamReader live = stream("a", "?event_source=LIVE");
        StreamReader resumed = stream("a", "?last_event_id=3");
        StreamReader witness = stream("witness", "")) {
      all.await(3);
      publish("witness", EventType.WORKFLOW_EXECUTION_COMPLETED);
      assertThat(witness.awaitEnd()).isEqualTo(End.ORDERLY);
      for (StreamReader reader : List.of(all, live, resumed)) {
        assertThat(reader.end()).isEqualTo(End.OPEN);
      }
      publish("a", "run-2", EventType.WORKFLOW_EXECUTION_COMPLETED);
      for (StreamReader reader : List.of(all, live, resumed)) {
        assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
        assertThat(reader.sequences()).endsWith(5L);
      }
    }
  }

  @Test
  void databaseReturnsAllRunsAndEndsInAnyState() {
    publish("a", "run-1", EventType.valueOf(STARTED));
    publish("a", "run-1", EventType.WORKFLOW_EXECUTION_FAILED);
    publish("b");
    publish("a", "run-2", EventType.valueOf(STARTED));
    publish("a", "run-2", EventType.WORKFLOW_EXECUTION_COMPLETED);
    publish("a", "run-2", EventType.ACTIVITY_TASK_COMPLETED);
    publish("a", "run-3", EventType.valueOf(STARTED));
    restart(Duration.ofHours(1));
    try (StreamReader all = stream("a", "?event_source=DATABASE");
        StreamReader rest = stream("a", "?event_source=DATABASE&last_event_id=4");
        StreamReader none = stream("a", "?event_source=DATABASE&last_event_id=7")) {
      assertThat(all.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(all.sequences()).containsExactly(1L, 2L, 4L, 5L, 6L, 7L);
      assertThat(rest.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(rest.sequences()).containsExactly(5L, 6L, 7L);
      assertThat(none.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(none.sequences()).isEmpty();
    }
  }

  @Test
  void nothingEndsWithinTheGrace() {
    restart(Duration.ofHours(1));
    publish("a", EventType.WORKFLOW_EXECUTION_COMPLETED);
    try (StreamReader all = stream("a", "");
        StreamReader live = stream("a", "?event_source=LIVE");
        StreamReader resumed = stream("a", "?last_event_id=1")) {
      all.await(1);
      publish("a");
      for (StreamReader reader : List.of(all, live, resumed)) {
        reader.await(1);
        assertThat(reader.end()).isEqualTo(End.OPEN);
      }
    }
  }

  /// The grace of events stored before the server started is over by the time they are read.
  @Test
  void streamsOfALongEndedExecutionEndAtOnce() {
    publish("a", EventType.valueOf(STARTED));
    publish("a", EventType.WORKFLOW_EXECUTION_COMPLETED);
    publish("a");
    publish("b");
    restart(Duration.ofMillis(1));
    for (String query :
        List.of(
            "",
            "?event_source=LIVE",
            "?last_event_id=3",
            "?last_event_id=4",
            "?event_source=LIVE&last_event_id=2")) {
      try (StreamReader reader = stream("a", query)) {
        assertThat(reader.awaitEnd()).as(query).isEqualTo(End.ORDERLY);
      }
    }
  }

  @Test
  void lastEventIdIsExclusiveAsParameterAndAsHeader() {
    for (int i = 0; i < 4; i++) {
      publish("a");
    }
    try (StreamReader parameter = stream("a", "?last_event_id=2");
        StreamReader header = server.stream(target("a", "")).header("Last-Event-ID", "3").open();
        StreamReader both =
            server.stream(target("a", "?last_event_id=1")).header("Last-Event-ID", "3").open()) {
      publish("a");
      parameter.await(3);
      header.await(2);
      both.await(2);
      assertThat(parameter.sequences()).containsExactly(3L, 4L, 5L);
      assertThat(header.sequences()).containsExactly(4L, 5L);
      assertThat(both.sequences()).containsExactly(4L, 5L);
    }
  }

  @Test
  void resumingAfterTheEndEndsTheStream() {
    publish("a", EventType.valueOf(STARTED));
    long end = publish("a", EventType.WORKFLOW_EXECUTION_FAILED);
    publish("b");
    for (long seen : new long[] {end, end + 1, end + 100, Long.MAX_VALUE}) {
      try (StreamReader reader = stream("a", "?last_event_id=" + seen)) {
        assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
        assertThat(reader.sequences()).isEmpty();
      }
    }
  }

  @Test
  void resumingBeforeTheEndReturnsItAndEnds() {
    publish("a", EventType.valueOf(STARTED));
    long end = publish("a", EventType.WORKFLOW_EXECUTION_COMPLETED);
    try (StreamReader reader = stream("a", "?last_event_id=" + (end - 1))) {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).containsExactly(end);
    }
  }

  @Test
  void resumingARunningExecutionWaits() {
    publish("a", EventType.valueOf(STARTED));
    long seen = publish("a", EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW);
    try (StreamReader reader = stream("a", "?last_event_id=" + seen)) {
      long next = publish("a");
      reader.await(1);
      assertThat(reader.sequences()).containsExactly(next);
      assertThat(reader.end()).isEqualTo(End.OPEN);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"invoice.export/2026 #3", "a+b", "100%", "é/🌬️", "..", "stream", "?x=1&y", "*"})
  void anIdMayContainCharactersToEscapeInAPath(String execution) {
    publish("other");
    publish(execution, EventType.WORKFLOW_EXECUTION_COMPLETED);
    try (StreamReader reader = stream(execution, "")) {
      assertThat(reader.status()).isEqualTo(200);
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).containsExactly(2L);
    }
  }

  @Test
  void reportsEveryFaultOfTheRequest() {
    assertThat(server.get(target("a", "?event_source=database&last_event_id=x")).body())
        .isEqualTo(
            "{\"detail\":[{\"type\":\"enum\",\"loc\":[\"query\",\"event_source\"],\"msg\":\"Input"
                + " should be one of 'DATABASE', 'LIVE', 'HYBRID'\",\"input\":\"database\",\"ctx\":"
                + "{\"expected\":\"'DATABASE', 'LIVE', 'HYBRID'\"}},{\"type\":\"int_parsing\",\"loc\":"
                + "[\"query\",\"last_event_id\"],\"msg\":\"Input should be a valid integer of at most"
                + " 64 bits, unable to parse string as an integer\",\"input\":\"x\"}]}");
  }
}
