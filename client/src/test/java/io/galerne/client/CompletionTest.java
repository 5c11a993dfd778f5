package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Script;
import io.galerne.client.error.ApiException;
import io.galerne.client.internal.calls.CompletionWait;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.runs.CompletionRequest;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.stream.EventStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class CompletionTest {
  private static final String ID = Samples.EXECUTION;
  private static final Script NO_STREAM = wire -> wire.json(404, "{\"detail\":\"Not Found\"}");

  private final FakeTime time = new FakeTime();

  private Mistral client(ScriptedServer server) {
    return server.client().time(time).random(new WorstLuck()).build();
  }

  private static Script answer(String status, String... more) {
    return wire -> wire.json(200, RunsTest.run("a", status, more));
  }

  /// A run that has just ended.
  private static Script endedNow(String run) {
    return wire ->
        wire.json(
            200,
            "{\"workflow_name\":\"w\",\"execution_id\":\"a\",\"root_execution_id\":\"a\","
                + ("\"run_id\":\"" + run + "\",\"status\":\"FAILED\",")
                + "\"start_time\":\"2026-11-24T09:59:00Z\",\"end_time\":\"2026-11-24T10:00:00Z\"}");
  }

  @Test
  void anExecutionThatEndedLongAgoNeedsOneRequest() {
    try (ScriptedServer server = ScriptedServer.of(answer("FAILED"));
        Mistral mistral = client(server)) {
      Run run = mistral.workflows().executions().waitForCompletion(ID);

      assertThat(run.status()).isEqualTo(RunStatus.FAILED);
      assertThat(server.requests().get(0).target())
          .isEqualTo("/v1/workflows/executions/run%2F1%20%C3%A9");
    }
  }

  @Test
  void looksUpTheExecutionAfterFollowingItsRuns() {
    try (ScriptedServer server =
            ScriptedServer.of(
                answer("RUNNING"),
                wire ->
                    wire.stream()
                        .chunked(Samples.frame(1, Samples.started(ID, "first", 1)))
                        .chunked(Samples.frame(9, Samples.completed(ID, 9)))
                        .stall(),
                answer("COMPLETED", "\"result\":[1.0]"));
        Mistral mistral = client(server)) {
      Run run =
          mistral
              .workflows()
              .executions()
              .waitForCompletion(ID, b -> b.options(o -> o.header("x-own", "1")));

      assertThat(run.result().orElseThrow()).hasToString("[1.0]");
      assertThat(server.requests().get(1).target())
          .startsWith("/v1/workflows/events/stream?")
          .contains("scope=workflow", "workflow_exec_id=run%2F1%20%C3%A9", "start_seq=0");
      assertThat(server.requests().get(2).lastEventId()).isEqualTo(9);
      assertThat(server.requests()).allMatch(request -> request.header("x-own").isPresent());
    }
  }

  @Test
  void waitsForTheRunThatFollowsAFailure() {
    try (ScriptedServer server =
            ScriptedServer.of(
                endedNow("first"),
                wire ->
                    wire.stream()
                        .chunked(Samples.frame(1, Samples.started(ID, "first", 1)))
                        .chunked(Samples.frame(2, Samples.failed(ID, "first", 2)))
                        .chunked(Samples.frame(3, Samples.started(ID, "second", 3)))
                        .chunked(Samples.frame(4, Samples.completed(ID, "second", 4)))
                        .stall(),
                answer("COMPLETED"));
        Mistral mistral = client(server)) {
      assertThat(mistral.workflows().executions().waitForCompletion(ID).status())
          .isEqualTo(RunStatus.COMPLETED);
    }
  }

  @Test
  void pollsUntilTheRunIsAsNewAsTheStream() {
    Script stream =
        wire -> wire.stream().chunked(Samples.frame(9, Samples.completed(ID, 9))).stall();
    try (ScriptedServer server =
            ScriptedServer.of(answer("RUNNING"), stream, answer("RUNNING"), answer("COMPLETED"));
        Mistral mistral = client(server)) {
      assertThat(mistral.workflows().executions().waitForCompletion(ID).status())
          .isEqualTo(RunStatus.COMPLETED);
      assertThat(time.waits()).contains(CompletionRequest.DEFAULT_POLL_INTERVAL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 405, 501})
  void pollsIfThereIsNoStream(int status) {
    try (ScriptedServer server =
            ScriptedServer.of(
                answer("RUNNING"),
                wire -> wire.json(status, "{\"detail\":\"no\"}"),
                answer("RUNNING"),
                answer("RETRYING_AFTER_ERROR"),
                answer("CONTINUED_AS_NEW"),
                answer("COMPLETED"));
        Mistral mistral = client(server)) {
      Run run =
          mistral
              .workflows()
              .executions()
              .waitForCompletion(ID, b -> b.pollInterval(Duration.ofSeconds(7)));

      assertThat(run.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(time.waits()).containsOnly(Duration.ofSeconds(7)).hasSize(3);
    }
  }

  @Test
  void aLongWaitDoesNotAccumulateResponses() {
    List<Script> scripts = new ArrayList<>(List.of(answer("RUNNING"), NO_STREAM));
    scripts.addAll(Collections.nCopies(20, answer("RUNNING")));
    scripts.add(answer("COMPLETED"));
    try (ScriptedServer server = ScriptedServer.of(scripts.toArray(Script[]::new));
        Transport transport = new Transport(server.client().time(time).settings())) {
      CompletionWait wait = new CompletionWait(CompletionRequest.builder(ID).build(), transport);

      assertThat(wait.run().status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(wait.listeners()).isLessThan(5);
    }
  }

  @Test
  void waitsForTheNextRunWithoutAStreamToo() {
    try (ScriptedServer server =
            ScriptedServer.of(
                endedNow("first"),
                NO_STREAM,
                endedNow("first"),
                answer("RUNNING"),
                answer("COMPLETED"));
        Mistral mistral = client(server)) {
      assertThat(mistral.workflows().executions().waitForCompletion(ID).status())
          .isEqualTo(RunStatus.COMPLETED);
      assertThat(time.waits()).startsWith(EventStream.DEFAULT_TERMINAL_GRACE);
    }
  }

  @Test
  void anUnknownExecutionFailsAtOnce() {
    try (ScriptedServer server = ScriptedServer.of(NO_STREAM);
        Mistral mistral = client(server)) {
      assertThatThrownBy(() -> mistral.workflows().executions().waitForCompletion(ID))
          .isInstanceOf(ApiException.class)
          .hasMessageContaining("404");
    }
  }

  @Test
  void cancellingEndsTheWait() throws Exception {
    CompletableFuture<Boolean> left = new CompletableFuture<>();
    try (ScriptedServer server =
            ScriptedServer.of(
                answer("RUNNING"),
                wire -> {
                  wire.stream();
                  wire.stall();
                  left.complete(true);
                });
        Mistral mistral = server.client().build()) {
      CompletableFuture<Run> run = mistral.async().workflows().executions().waitForCompletion(ID);
      Awaitility.await().until(() -> server.requests().size() == 2);

      run.cancel(true);

      assertThat(left.get(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void closingTheClientEndsBlockingAndAsyncWaits() throws Exception {
    try (ScriptedServer streaming =
            ScriptedServer.of(answer("RUNNING"), wire -> wire.stream().stall());
        ScriptedServer polled =
            ScriptedServer.of(answer("RUNNING"), NO_STREAM, answer("RUNNING"))) {
      Mistral one = streaming.client().build();
      Mistral other = polled.client().build();
      CompletableFuture<Run> following = one.async().workflows().executions().waitForCompletion(ID);
      CompletableFuture<Run> polling =
          other
              .async()
              .workflows()
              .executions()
              .waitForCompletion(ID, b -> b.pollInterval(Duration.ofHours(1)));
      Awaitility.await().until(() -> streaming.requests().size() == 2);
      Awaitility.await().until(() -> polled.requests().size() == 3);

      one.close();
      other.close();

      for (CompletableFuture<Run> waiting : List.of(following, polling)) {
        assertThatThrownBy(() -> waiting.get(30, TimeUnit.SECONDS))
            .isInstanceOf(ExecutionException.class);
      }
    }
  }

  @Test
  void anInterruptEndsTheWait() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.of(answer("RUNNING"), wire -> wire.stream().stall());
        Mistral mistral = server.client().build()) {
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread waiting =
          new Thread(() -> {
            try {
              mistral.workflows().executions().waitForCompletion(ID);
            } catch (Throwable e) {
              thrown.complete(e);
            }
          });
      waiting.start();
      Awaitility.await().until(() -> server.requests().size() == 2);

      waiting.interrupt();

      assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
    }
  }
}
