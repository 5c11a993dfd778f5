package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.Mistral;
import io.galerne.client.Runs;
import io.galerne.client.error.ApiException;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.client.runs.TraceEvent;
import io.galerne.client.runs.TraceEvents;
import io.galerne.client.runs.TraceSpan;
import io.galerne.client.runs.TraceSummary;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.Payload;
import io.galerne.protocol.TaskState;
import io.galerne.protocol.TaskStates;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The client's lookups against a real server (contract, section 8).
@Timeout(120)
class RunLookupTest {
  private static final String REVIEW = "document-review-7f3a";

  @TempDir Path folder;

  private CommandsServer server;
  private Mistral mistral;

  @BeforeEach
  void start() throws Exception {
    server = CommandsServer.start(folder.resolve("data"));
    server.publishScenario(folder);
    mistral = Mistral.builder().serverUrl(server.url()).build();
  }

  @AfterEach
  void stop() {
    mistral.close();
    server.close();
  }

  @Test
  void listsRunsOverAllPages() {
    Runs runs = mistral.workflows().runs();

    assertThat(runs.listAll(b -> b.pageSize(1)))
        .containsExactlyElementsOf(runs.list(b -> {}).items())
        .extracting(Run::executionId)
        .containsExactly(
            "nightly-sync-00",
            "invoice.export/2026 #3",
            "fact-check-91bd",
            "fact-check-91bd",
            REVIEW);
    assertThat(runs.listAll(b -> b.status(RunStatus.FAILED, RunStatus.CANCELED)))
        .extracting(Run::status)
        .containsExactly(RunStatus.CANCELED, RunStatus.FAILED);
    Run first = runs.list(b -> b.rootExecutionId(REVIEW).pageSize(1)).items().get(0);
    assertThat(runs.get(first.runId().orElseThrow()).executionId()).isEqualTo("fact-check-91bd");
    assertThatThrownBy(() -> runs.list(b -> b.userId("current"))).hasMessageContaining("user_id");
  }

  @Test
  void showsAnExecutionItsTraceAndItsTasks() {
    var executions = mistral.workflows().executions();

    Run run = executions.get("fact-check-91bd");
    assertThat(run.result().orElseThrow())
        .hasToString("{\"verdict\":\"supported\",\"score\":0.9375}");
    assertThat(run.parentExecutionId()).contains(REVIEW);

    TraceSummary trace = executions.traceSummary(REVIEW);
    assertThat(trace.run()).isEqualTo(executions.traceEvents(REVIEW).run());
    assertThat(trace.spanTree().orElseThrow().children())
        .extracting(TraceSpan::name)
        .contains("load_document", "summarize", "fact-check");
    TraceEvents steps = executions.traceEvents(REVIEW);
    assertThat(steps.events())
        .filteredOn(event -> event.progress().isEmpty())
        .extracting(TraceEvent::name)
        .containsExactly("WORKFLOW_TASK_TIMED_OUT");
    assertThat(executions.traceOtel(REVIEW).otelTraceData()).isPresent();
    assertThat(executions.traceOtel(REVIEW).otelTraceId())
        .isPresent()
        .isEqualTo(executions.traceInfo(REVIEW).otelTraceId());

    assertThat(executions.state(REVIEW).tasks())
        .hasSizeGreaterThan(1)
        .allMatch(task -> task.status().filter(TaskState.Status::isFinal).isPresent())
        .anyMatch(task -> task.value().isPresent());
    assertThat(executions.state(REVIEW, b -> b.atSeq(12)).tasks())
        .extracting(TaskSnapshot::status)
        .anyMatch(status -> status.filter(TaskState.Status.RUNNING::equals).isPresent());
    assertThat(mistral.workflows().metrics("fact-check").executionCount()).isEqualTo(2);
  }

  @Test
  void aStreamMayBeginWithTheValuesOfTasks() {
    TaskStates joined = new TaskStates();
    try (EventStream late = mistral.workflows().executions().stream(REVIEW, b -> b.snapshot())) {
      late.forEach(event -> joined.apply(event.data()));
      assertThat(late.ending()).contains(Ending.COMPLETED);
    }
    TaskStates replayed = new TaskStates();
    try (EventStream all = mistral.workflows().executions().stream(REVIEW)) {
      all.forEach(event -> replayed.apply(event.data()));
    }

    assertThat(joined.customTask(REVIEW, "tok-1").flatMap(TaskState::value))
        .isPresent()
        .isEqualTo(replayed.customTask(REVIEW, "tok-1").flatMap(TaskState::value));
  }

  @Test
  void waitsUntilAnExecutionIsOver() throws Exception {
    var executions = mistral.workflows().executions();
    EventHeader header =
        EventHeader.builder()
            .workflowExecId("late-1")
            .workflowRunId("r")
            .workflowName("late")
            .build();
    mistral
        .events()
        .sendEvent(
            WorkflowExecutionStarted.builder()
                .header(header)
                .taskId("1")
                .startedWorkflowName("late")
                .input(Payload.of(1))
                .build());
    CompletableFuture<Run> waiting =
        mistral.async().workflows().executions().waitForCompletion("late-1");
    mistral
        .events()
        .sendEvent(
            WorkflowExecutionCompleted.builder()
                .header(header.next().build())
                .taskId("1")
                .result(Payload.of("done"))
                .build());

    assertThat(waiting.get(60, TimeUnit.SECONDS).result()).hasToString("Optional[\"done\"]");
    assertThat(executions.waitForCompletion(REVIEW).status()).isEqualTo(RunStatus.COMPLETED);
    for (String none : List.of("none", "no/ne é")) {
      assertThatThrownBy(() -> executions.waitForCompletion(none))
          .isInstanceOfSatisfying(ApiException.class, e -> assertThat(e.status()).isEqualTo(404));
    }
  }
}
