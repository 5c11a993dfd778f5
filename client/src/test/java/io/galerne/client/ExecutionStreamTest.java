package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamSource;
import org.junit.jupiter.api.Test;

class ExecutionStreamTest {
  private static final String ID = Samples.EXECUTION;
  private static final Script NOTHING = wire -> wire.stream().end();

  private final FakeTime time = new FakeTime();

  private Mistral client(ScriptedServer server) {
    return server.client().time(time).random(new WorstLuck()).build();
  }

  @Test
  void endsAfterTheTerminalEventOfTheExecution() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .events(1)
                    .chunked(Samples.frame(2, Samples.completed("another", 2)))
                    .chunked(Samples.frame(3, Samples.completed(ID, 3)))
                    .stall());
        Mistral mistral = client(server);
        EventStream stream = mistral.workflows().executions().stream(ID)) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 2L, 3L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
      assertThat(server.requests().get(0).target())
          .isEqualTo("/v1/workflows/executions/run%2F1%20%C3%A9/stream");
    }
  }

  @Test
  void reconnectsAfterTheLastEventItRead() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().events(1).end(),
                wire -> wire.stream().chunked(Samples.frame(3, Samples.completed(ID, 3))).stall());
        Mistral mistral = client(server);
        EventStream stream =
            mistral.workflows().executions().stream(ID, b -> b.eventSource(StreamSource.HYBRID))) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 3L);
      assertThat(server.requests())
          .extracting(request -> request.target().replaceAll(".*stream", ""))
          .containsExactly("?event_source=HYBRID", "?event_source=HYBRID&last_event_id=1");
    }
  }

  @Test
  void requestsASnapshotOnEveryConnection() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().events(7).end(),
                wire -> wire.stream().chunked(Samples.frame(9, Samples.completed(ID, 9))).stall());
        Mistral mistral = client(server);
        EventStream stream = mistral.workflows().executions().stream(ID, b -> b.snapshot())) {
      assertThat(Heard.sequences(stream)).containsExactly(7L, 9L);
      assertThat(server.requests())
          .extracting(request -> request.target().replaceAll(".*stream", ""))
          .containsExactly("?snapshot=true", "?snapshot=true&last_event_id=7");
    }
  }

  @Test
  void endsAfterTheStoredEventsWithTheDatabaseSource() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire ->
                    wire.stream()
                        .chunked(Samples.frame(1, Samples.completed(ID, 1)))
                        .events(2)
                        .cut(),
                wire -> wire.stream().events(3).end());
        Mistral mistral = client(server);
        EventStream stream =
            mistral.workflows().executions().stream(
                ID, b -> b.eventSource(StreamSource.DATABASE))) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 2L, 3L);
      assertThat(stream.ending()).contains(Ending.ENDED);
    }
  }

  private static final Script RUNNING =
      wire -> wire.json(200, Samples.page(null, Samples.started(ID, "first", 9)));

  @Test
  void endsIfTheServerKeepsEndingItDespiteTheList() {
    try (ScriptedServer server = ScriptedServer.endingWith(NOTHING, NOTHING, RUNNING);
        Mistral mistral = client(server);
        EventStream stream = mistral.workflows().executions().stream(ID, b -> b.lastEventId(9))) {
      assertThat(stream).isEmpty();
      assertThat(stream.ending()).contains(Ending.ENDED);
      assertThat(stream.position()).contains(Checkpoint.of(9));
    }
  }

  @Test
  void doesNotMistakeARestartForTheEnd() {
    try (ScriptedServer server =
            ScriptedServer.of(
                NOTHING,
                RUNNING,
                NOTHING,
                NOTHING,
                wire ->
                    wire.stream().chunked(Samples.frame(10, Samples.completed(ID, 10))).stall());
        Mistral mistral = client(server);
        EventStream stream = mistral.workflows().executions().stream(ID, b -> b.lastEventId(9))) {
      assertThat(Heard.sequences(stream)).containsExactly(10L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void endsIfTheServerEndsItAgainAfterTheTerminalEvent() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().chunked(Samples.frame(3, Samples.completed(ID, 3))).end(),
                NOTHING);
        Mistral mistral = server.client().build();
        EventStream stream = mistral.workflows().executions().stream(ID)) {
      assertThat(Heard.sequences(stream)).containsExactly(3L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }
}
