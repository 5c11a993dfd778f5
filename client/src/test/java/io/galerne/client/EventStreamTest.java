package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.StreamException;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.Scope;
import io.galerne.protocol.StreamEvent;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventStreamTest {
  @Test
  void sendsDefaultFiltersLikeTheOfficialClients() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream).isEmpty();
      assertThat(server.requests().get(0).target())
          .isEqualTo(
              "/v1/workflows/events/stream?scope=*&activity_name=*&activity_id=*&workflow_name=*"
                  + "&workflow_exec_id=*&root_workflow_exec_id=*&parent_workflow_exec_id=*"
                  + "&stream=*&start_seq=0");
      assertThat(server.requests().get(0).header("accept")).contains("text/event-stream");
      assertThat(server.requests().get(0).header("last-event-id")).isEmpty();
    }
  }

  @Test
  void sendsEveryParameter() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b
                        .scope(Scope.ACTIVITY)
                        .activityName("extract")
                        .activityId("a/1")
                        .workflowName("review")
                        .workflowExecId("exec")
                        .rootWorkflowExecId("root")
                        .parentWorkflowExecId("parent")
                        .stream("progress")
                        .startSeq(17)
                        .metadataFilters(Map.of("tenant", "a&b"))
                        .metadataFilter("page", 7)
                        .metadataFilter("stream", Json.of("[1]"))
                        .workflowEventTypes(
                            EventType.CUSTOM_TASK_STARTED, EventType.CUSTOM_TASK_FAILED)
                        .lastEventId(41))) {
      assertThat(stream).isEmpty();
      assertThat(server.requests().get(0).target())
          .isEqualTo(
              "/v1/workflows/events/stream?scope=activity&activity_name=extract&activity_id=a%2F1"
                  + "&workflow_name=review&workflow_exec_id=exec&root_workflow_exec_id=root"
                  + "&parent_workflow_exec_id=parent&stream=progress&start_seq=17"
                  + "&tenant=a%26b&page=7&metadata_filters%5Bstream%5D=%5B1%5D"
                  + "&workflow_event_types=CUSTOM_TASK_STARTED"
                  + "&workflow_event_types=CUSTOM_TASK_FAILED");
      assertThat(server.requests().get(0).header("last-event-id")).contains("41");
    }
  }

  /// As a separate parameter, the server would mistake it for the resume position.
  @ParameterizedTest
  @ValueSource(strings = {"last_event_id", "lastEventId", "lastEventID", "Last-Event-ID"})
  void spellsOutAMetadataFilterNamedLikeAPosition(String name) {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.metadataFilter(name, 7))) {
      assertThat(stream).isEmpty();
      assertThat(server.requests().get(0).target())
          .contains("metadata_filters%5B" + name + "%5D=7")
          .doesNotContain("&" + name, "?" + name);
      assertThat(server.requests().get(0).header("last-event-id")).isEmpty();
    }
  }

  @Test
  void deliversEventsAsTheyWereSent() {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream().chunked(": hello\n\n").events(3, 5, 9).end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      StreamEvent first = stream.iterator().next();

      assertThat(first.data()).isEqualTo(Samples.event(3));
      assertThat(first.json().text()).isEqualTo(Samples.streamEvent(3, Samples.event(3)));
      assertThat(stream.position()).contains(Checkpoint.of(3));
      assertThat(stream.stream()).extracting(StreamEvent::brokerSequence).containsExactly(5L, 9L);
      assertThat(stream.position()).contains(Checkpoint.of(9));
      assertThat(stream.ending()).contains(Ending.ENDED);
    }
  }

  @Test
  void advancesThePositionOnlyWhenAnEventIsDelivered() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(3, 4).end());
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      Iterator<StreamEvent> events = stream.iterator();

      assertThat(events.hasNext()).isTrue();
      assertThat(stream.position()).isEmpty();
      events.next();
      assertThat(events.hasNext()).isTrue();
      assertThat(stream.position()).contains(Checkpoint.of(3));
    }
  }

  @Test
  void endsWhenARootIsOverIfRequested() {
    String child =
        Samples.streamEvent(4, Samples.completed("child", 4))
            .replace("\"root_workflow_exec_id\":\"child\"", "\"root_workflow_exec_id\":\"root\"");
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .events(1)
                    .chunked("data: " + child + "\n\n")
                    .chunked(Samples.frame(5, Samples.completed("root", 5)))
                    .events(6)
                    .stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> b.untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 4L, 5L, 6L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void endsAfterTheTerminalEventOfTheExecution() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream().chunked(Samples.frame(4, Samples.completed("child", 4))).stall());
        Mistral mistral = server.client().build();
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.workflowExecId("child").untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(4L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void refusesUntilTerminalIfFiltersExcludeTerminalEvents() {
    for (Consumer<StreamEventsRequest.Builder> filter :
        List.<Consumer<StreamEventsRequest.Builder>>of(
            b -> b.workflowEventTypes(EventType.CUSTOM_TASK_STARTED),
            b -> b.scope(Scope.ACTIVITY),
            b -> b.activityName("extract"),
            b -> b.activityId("7"),
            b -> b.parentWorkflowExecId("parent"))) {
      StreamEventsRequest.Builder builder = StreamEventsRequest.builder().untilTerminal();
      filter.accept(builder);
      assertThatThrownBy(builder::build)
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("would never end");
    }
  }

  @Test
  void closingFromAnotherThreadEndsABlockedRead() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      Iterator<StreamEvent> events = stream.iterator();
      events.next();
      CompletableFuture<Boolean> blocked = CompletableFuture.supplyAsync(events::hasNext);
      assertThat(blocked).isNotDone();

      stream.close();

      assertThat(blocked.get(10, TimeUnit.SECONDS)).isFalse();
      assertThat(stream.ending()).contains(Ending.CLOSED);
      assertThat(stream.position()).contains(Checkpoint.of(1));
    }
  }

  @Test
  void deliversAnEventThatHasNextPromisedAfterClose() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1, 2).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      Iterator<StreamEvent> events = stream.iterator();
      assertThat(events.hasNext()).isTrue();

      stream.close();

      assertThat(events.next().brokerSequence()).isEqualTo(1);
      assertThat(stream.position().orElseThrow().sequence()).isEqualTo(1);
      assertThat(events.hasNext()).isFalse();
      assertThatThrownBy(events::next).isInstanceOf(NoSuchElementException.class);
    }
  }

  @Test
  void closingTheClientClosesItsStreams() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      stream.iterator().next();

      mistral.close();

      assertThat(stream).isEmpty();
      assertThat(stream.ending()).contains(Ending.CLOSED);
      assertThatThrownBy(() -> mistral.events().getStreamEvents(b -> {}))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void anInterruptedReaderLearnsWhereToResume() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.stream().events(1).stall());
        Mistral mistral = server.client().build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      stream.iterator().next();
      Thread.currentThread().interrupt();

      assertThatThrownBy(stream.iterator()::hasNext)
          .isInstanceOfSatisfying(
              StreamException.class,
              e -> {
                assertThat(e.kind()).isEqualTo(StreamException.Kind.INTERRUPTED);
                assertThat(e.position()).contains(Checkpoint.of(1));
              });
      assertThat(Thread.interrupted()).isTrue();
      assertThat(stream.ending()).contains(Ending.FAILED);
    }
  }
}
