package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.checkpoint.CheckpointStore;
import io.galerne.client.checkpoint.FileCheckpointStore;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.EventType;
import io.galerne.protocol.StreamEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A stream ends when its execution is over, neither too early nor too late.
@Timeout(60)
class UntilTerminalTest {
  private static final String ID = "order-7";
  private static final Duration ALMOST_GRACE = Duration.ofMillis(1_900);

  @TempDir Path folder;

  private final ManualTime time = new ManualTime();
  private final List<Long> sequences = new CopyOnWriteArrayList<>();

  private static String started(long sequence, String run) {
    return Samples.frame(sequence, Samples.started(ID, run, sequence));
  }

  private static String failed(long sequence, String run) {
    return Samples.frame(sequence, Samples.failed(ID, run, sequence));
  }

  private static String completed(long sequence, String run) {
    return Samples.frame(sequence, Samples.completed(ID, run, sequence));
  }

  private static String straggler(long sequence, String run) {
    return Samples.frame(sequence, Samples.straggler(ID, run, sequence));
  }

  /// Reads a stream on another thread; completes with the stream's ending.
  private CompletableFuture<Ending> read(EventStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          stream.forEach(event -> sequences.add(event.brokerSequence()));
          return stream.ending().orElseThrow();
        },
        task -> new Thread(task, "reader").start());
  }

  /// Waits until this many events were read and the reader waits for more.
  private void awaitRead(int events) {
    Awaitility.await().until(() -> sequences.size() == events && time.isAwaited());
  }

  /// Advances time in steps until the stream ends; the reader may start to wait at any moment.
  private Ending endingOf(CompletableFuture<Ending> read) throws Exception {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(10))
        .until(() -> {
          time.pass(Duration.ofMillis(100));
          return read.isDone();
        });
    return read.get(1, TimeUnit.SECONDS);
  }

  @Test
  void deliversEventsWithinTheGracePeriod() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream().chunked(completed(1, "a"));
              await(more);
              wire.chunked(straggler(2, "a")).stall();
            });
        Mistral mistral = server.client().time(time).build();
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.workflowExecId(ID).untilTerminal())) {
      CompletableFuture<Ending> read = read(stream);
      awaitRead(1);
      time.pass(ALMOST_GRACE);
      more.countDown();
      awaitRead(2);
      time.pass(ALMOST_GRACE);
      assertThat(read).isNotDone();

      assertThat(endingOf(read)).isEqualTo(Ending.COMPLETED);
      assertThat(sequences).containsExactly(1L, 2L);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void followsTheNextRunOfARetryPolicy() throws Exception {
    CountDownLatch more = new CountDownLatch(1);
    try (ScriptedServer server =
            ScriptedServer.of(wire -> {
              wire.stream().chunked(started(1, "a") + failed(2, "a") + started(3, "b"));
              wire.chunked(straggler(4, "a")); // of the run before
              await(more);
              wire.chunked(completed(5, "b")).stall();
            });
        Mistral mistral = server.client().time(time).build();
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.rootWorkflowExecId(ID).untilTerminal())) {
      CompletableFuture<Ending> read = read(stream);
      Awaitility.await().until(() -> sequences.size() == 4);
      time.pass(Duration.ofMinutes(1));
      assertThat(read).isNotDone();
      more.countDown();

      assertThat(endingOf(read)).isEqualTo(Ending.COMPLETED);
      assertThat(sequences).containsExactly(1L, 2L, 3L, 4L, 5L);
    }
  }

  @Test
  void theExecutionStreamFollowsTheSameRule() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .chunked(failed(1, "a") + started(2, "b") + completed(3, "b"))
                    .stall());
        Mistral mistral = server.client().time(time).build();
        EventStream stream = mistral.workflows().executions().stream(ID)) {
      assertThat(endingOf(read(stream))).isEqualTo(Ending.COMPLETED);
      assertThat(sequences).containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void theGracePeriodCanBeSet() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(wire -> wire.stream().chunked(completed(1, "a")).stall());
        Mistral mistral = server.client().time(time).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.workflowExecId(ID).untilTerminal().terminalGrace(Duration.ofSeconds(30)))) {
      CompletableFuture<Ending> read = read(stream);
      awaitRead(1);
      time.pass(Duration.ofSeconds(29));
      assertThat(read).isNotDone();

      assertThat(endingOf(read)).isEqualTo(Ending.COMPLETED);
    }
  }

  @Test
  void aBrokenConnectionAfterTheTerminalEventIsNotTheEnd() {
    Reconnection soon = Reconnection.builder().initialDelay(Duration.ofMillis(1)).build();
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().chunked(failed(1, "a")).cut(),
                wire -> wire.stream().chunked(started(2, "b") + completed(3, "b")).stall());
        Mistral mistral = server.client().reconnection(soon).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.workflowExecId(ID).untilTerminal().terminalGrace(Duration.ofSeconds(50)))) {
      assertThat(stream.stream().map(StreamEvent::brokerSequence).limit(3))
          .containsExactly(1L, 2L, 3L);
    }
  }

  @Test
  void aShortSilenceTimeoutDoesNotKeepTheStreamOpen() {
    Reconnection soon = Reconnection.builder().initialDelay(Duration.ofMillis(1)).build();
    try (ScriptedServer server =
            ScriptedServer.endingWith(
                wire -> wire.stream().stall(),
                wire -> wire.stream().chunked(completed(1, "a")).stall());
        Mistral mistral = server.client().reconnection(soon).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.workflowExecId(ID)
                        .untilTerminal()
                        .options(o -> o.silenceTimeout(Duration.ofMillis(50)))
                        .terminalGrace(Duration.ofMillis(200)))) {
      assertThat(Heard.sequences(stream)).containsExactly(1L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void unrequestedEventsCountButAreNotDelivered() {
    try (ScriptedServer server =
            ScriptedServer.of(wire ->
                wire.stream()
                    .chunked(failed(1, "a") + started(2, "b") + completed(3, "b"))
                    .stall());
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.workflowExecId(ID)
                        .workflowEventTypes(EventType.WORKFLOW_EXECUTION_FAILED)
                        .untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(1L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
      assertThat(server.requests().get(0).target())
          .contains("WORKFLOW_EXECUTION_STARTED")
          .contains("WORKFLOW_EXECUTION_COMPLETED");
    }
  }

  @Test
  void findsAFilteredRunInTheList() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> {
                  wire.stream().chunked(failed(1, "a"));
                  wire.after(Duration.ofMillis(300)).chunked(completed(5, "b")).stall();
                },
                wire ->
                    wire.json(
                        200,
                        Samples.page(
                            null, Samples.failed(ID, "a", 1), Samples.started(ID, "b", 2))),
                wire ->
                    wire.json(
                        200,
                        Samples.page(
                            null, Samples.failed(ID, "a", 1), Samples.completed(ID, "b", 5))));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(
                    b -> b.workflowExecId(ID).metadataFilter("tenant", "acme").untilTerminal())) {
      assertThat(Heard.sequences(stream)).containsExactly(1L, 5L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  // Streams that start after the end.

  private static Script page(String cursor, io.galerne.protocol.Event... events) {
    return wire -> wire.json(200, Samples.page(cursor, events));
  }

  @Test
  void consumingAgainAfterTheEndEndsAtOnce() {
    List<Long> handled = new ArrayList<>();
    CheckpointStore store = new FileCheckpointStore(folder);
    StreamEventsRequest request =
        StreamEventsRequest.builder().workflowExecId(ID).untilTerminal().build();
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().chunked(started(1, "a") + completed(2, "a")).stall(),
                wire -> wire.stream("Galerne-Head-Sequence: 2").stall(),
                page("more", Samples.started(ID, "a", 1)),
                page(null, Samples.completed(ID, "a", 2)));
        Mistral mistral = server.client().time(new FakeTime()).build()) {
      for (int start = 0; start < 2; start++) {
        Ending ending =
            mistral
                .events()
                .consume(request, store, "billing", event -> handled.add(event.brokerSequence()));
        assertThat(ending).isEqualTo(Ending.COMPLETED);
      }

      assertThat(handled).containsExactly(1L, 2L);
      assertThat(server.requests().get(2).target())
          .startsWith("/v1/workflows/events/list?workflow_exec_id=" + ID + "&limit=1000");
      assertThat(server.requests().get(3).target()).endsWith("&cursor=more");
    }
  }

  @Test
  void resumingAfterTheTerminalEventDeliversLaterEvents() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().chunked(straggler(3, "a")).stall(),
                page(null, Samples.completed(ID, "a", 2), Samples.straggler(ID, "a", 3)));
        Mistral mistral = server.client().build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b ->
                    b.workflowExecId(ID)
                        .untilTerminal()
                        .lastEventId(2)
                        .terminalGrace(Duration.ofMillis(300)))) {
      assertThat(Heard.sequences(stream)).containsExactly(3L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void resumingDuringTheNewestRunWaitsForItsEnd() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> {
                  wire.stream("Galerne-Head-Sequence: 3");
                  wire.after(Duration.ofMillis(300)).chunked(completed(4, "b")).stall();
                },
                page(null, Samples.failed(ID, "a", 2), Samples.started(ID, "b", 3)));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.workflowExecId(ID).untilTerminal().lastEventId(3))) {
      assertThat(Heard.sequences(stream)).containsExactly(4L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void theExecutionStreamEndsAtOnceIfItResumesAfterTheEnd() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream().end(), page(null, Samples.completed(ID, "a", 2)));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream = mistral.workflows().executions().stream(ID, b -> b.lastEventId(2))) {
      assertThat(stream).isEmpty();
      assertThat(stream.ending()).contains(Ending.COMPLETED);
      assertThat(server.requests()).hasSize(2);
    }
  }

  @Test
  void retriesTheListAfterATemporaryFailure() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.stream("Galerne-Head-Sequence: 2").stall(),
                wire -> wire.json(503, "{\"detail\":\"stopping\"}"),
                wire -> wire.stream("Galerne-Head-Sequence: 2").stall(),
                page(null, Samples.completed(ID, "a", 2)));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.workflowExecId(ID).untilTerminal().lastEventId(2))) {
      assertThat(stream).isEmpty();
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  /// The first run, of an execution without stored events so far.
  private static Script startingLate(String... headers) {
    return wire -> {
      wire.stream(headers);
      wire.after(Duration.ofMillis(300)).chunked(started(3, "a") + completed(4, "a")).stall();
    };
  }

  @Test
  void waitsForAnExecutionThatHasNotStarted() {
    try (ScriptedServer server =
            ScriptedServer.of(startingLate("Galerne-Head-Sequence: 2"), page(null));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.workflowExecId(ID).untilTerminal().startSeq(-1))) {
      assertThat(Heard.sequences(stream)).containsExactly(3L, 4L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void resumingAfterAllEventsExpiredEnds() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire ->
                    wire.stream("Galerne-Oldest-Sequence: 6", "Galerne-Head-Sequence: 5").stall(),
                page(null));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.workflowExecId(ID).untilTerminal().lastEventId(5))) {
      assertThat(stream).isEmpty();
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }

  @Test
  void waitsForAnExecutionWithoutExpiredEvents() {
    try (ScriptedServer server =
            ScriptedServer.of(
                startingLate("Galerne-Oldest-Sequence: 2", "Galerne-Head-Sequence: 2"),
                page(null));
        Mistral mistral = server.client().time(new FakeTime()).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(b -> b.workflowExecId(ID).untilTerminal().lastEventId(2))) {
      assertThat(Heard.sequences(stream)).containsExactly(3L, 4L);
      assertThat(stream.ending()).contains(Ending.COMPLETED);
    }
  }
}
