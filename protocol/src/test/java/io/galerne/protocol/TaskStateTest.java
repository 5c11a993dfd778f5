package io.galerne.protocol;

import static io.galerne.protocol.Events.HEADER;
import static io.galerne.protocol.Events.append;
import static io.galerne.protocol.Events.completed;
import static io.galerne.protocol.Events.json;
import static io.galerne.protocol.Events.progress;
import static io.galerne.protocol.Events.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.TaskState.Status;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaskStateTest {
  private final TaskState written = TaskState.of(started(json("{'text':'Once'}")));

  @Test
  void startsWithTheInitialState() {
    assertThat(written.workflowExecId()).isEqualTo("checkout-1");
    assertThat(written.taskId()).isEqualTo("task-1");
    assertThat(written.name()).isEqualTo("tokens");
    assertThat(written.isActivity()).isFalse();
    assertThat(written.status()).isEqualTo(Status.RUNNING);
    assertThat(written.value()).contains(Json.of("{\"text\":\"Once\"}"));
    assertThat(written.staleReason()).isEmpty();
  }

  @Test
  void appliesPatchesWithoutChangingTheOldState() {
    TaskState later =
        written.apply(progress(append("/text", " upon"))).apply(progress(append("/text", " a")));

    assertThat(later.value()).contains(Json.of("{\"text\":\"Once upon a\"}"));
    assertThat(written.value()).contains(Json.of("{\"text\":\"Once\"}"));
  }

  @Test
  void aWholeValueReplacesTheOldOne() {
    TaskState later = written.apply(progress(json("{'n':1e-7}")));

    assertThat(later.value()).contains(Json.of("{\"n\":1e-7}"));
  }

  @Test
  void withoutAPayloadItStartsEmpty() {
    TaskState empty = TaskState.of(started(null));

    assertThat(empty.value()).contains(Json.of("{}"));
    assertThat(
            empty
                .apply(progress(Payload.patch(new PatchOperation.Add("/a", Json.of("1")))))
                .value())
        .contains(Json.of("{\"a\":1}"));
  }

  @Test
  void aMismatchedPatchKeepsTheValueAndMakesItStale() {
    TaskState stale = written.apply(progress(append("/words", "!")));

    assertThat(stale.value()).isEqualTo(written.value());
    assertThat(stale.staleReason())
        .contains(
            "Operation 0, append at \"/words\", does not fit: there is no \"words\" in the object");
    TaskState still = stale.apply(progress(append("/text", "!")));
    assertThat(still.value())
        .as("later patches build on one that is missing")
        .isEqualTo(written.value());
    assertThat(still.staleReason()).isEqualTo(stale.staleReason());
    TaskState whole = still.apply(progress(json("{}")));
    assertThat(whole.value()).contains(Json.of("{}"));
    assertThat(whole.staleReason()).isEmpty();
  }

  @Test
  void withoutItsStartATaskIsStaleUntilAWholeValue() {
    TaskState joined = TaskState.of(progress(append("/text", "upon")));

    assertThat(joined.status()).isEqualTo(Status.RUNNING);
    assertThat(joined.value()).isEmpty();
    assertThat(joined.staleReason()).isPresent();
    assertThat(joined.apply(completed(json("7"))).value()).contains(Json.of("7"));
  }

  @Test
  void encodedPayloadsMakeItStale() {
    Payload encoded = new JsonPayload(Json.of("\"x\""), List.of("compressed", "encrypted"));
    Payload string = new JsonPatchPayload(Json.of("\"x\""), List.of());
    Payload unknown = new UnknownPayload("json_merge", Json.of("{\"type\":\"json_merge\"}"));
    Payload huge = Payload.patch(new PatchOperation.Add("/n", Json.of("9".repeat(2000))));

    assertThat(written.apply(progress(encoded)).staleReason())
        .contains("the payload is encoded: compressed, encrypted");
    assertThat(written.apply(progress(string)).staleReason()).isPresent();
    assertThat(written.apply(progress(unknown)).staleReason())
        .contains("a payload of type json_merge is not known here");
    assertThat(written.apply(progress(huge)).staleReason()).isPresent();
  }

  @Test
  void knowsHowATaskEnded() {
    TaskState done = written.apply(completed(json("{'text':'all'}")));
    TaskState failed =
        written.apply(
            CustomTaskFailed.builder()
                .header(HEADER)
                .customTaskId("task-1")
                .customTaskType("tokens")
                .failure(new Failure("no"))
                .build());
    TaskState timedOut =
        written.apply(
            CustomTaskTimedOut.builder()
                .header(HEADER)
                .customTaskId("task-1")
                .customTaskType("tokens")
                .timeoutType("START_TO_CLOSE")
                .build());
    TaskState canceled =
        written.apply(
            CustomTaskCanceled.builder()
                .header(HEADER)
                .customTaskId("task-1")
                .customTaskType("tokens")
                .build());

    assertThat(done.status()).isEqualTo(Status.COMPLETED);
    assertThat(done.value()).contains(Json.of("{\"text\":\"all\"}"));
    assertThat(failed.status()).isEqualTo(Status.FAILED);
    assertThat(failed.failure()).map(Failure::message).contains("no");
    assertThat(timedOut.status()).isEqualTo(Status.TIMED_OUT);
    assertThat(timedOut.reason()).contains("START_TO_CLOSE");
    assertThat(canceled.status()).isEqualTo(Status.CANCELED);
    assertThat(canceled.reason()).isEmpty();
    assertThat(List.of(done, failed, timedOut, canceled)).allMatch(it -> it.status().isFinal());
    assertThat(failed.value()).as("what it had written").isEqualTo(written.value());
  }

  @Test
  void followsAnActivityAcrossItsAttempts() {
    TaskState started =
        TaskState.of(
            ActivityTaskStarted.builder()
                .header(HEADER)
                .taskId("5")
                .activityName("charge")
                .input(json("1"))
                .build());
    TaskState retrying =
        started.apply(
            ActivityTaskRetrying.builder()
                .header(HEADER)
                .taskId("5")
                .activityName("charge")
                .attempt(1)
                .failure(new Failure("busy"))
                .build());
    TaskState done =
        retrying.apply(
            ActivityTaskCompleted.builder()
                .header(HEADER)
                .taskId("5")
                .activityName("charge")
                .result(json("2"))
                .build());

    assertThat(started.isActivity()).isTrue();
    assertThat(started.name()).isEqualTo("charge");
    assertThat(started.value()).as("the input is no result").isEmpty();
    assertThat(retrying.status()).isEqualTo(Status.RETRYING);
    assertThat(retrying.status().isFinal()).isFalse();
    assertThat(done.status()).isEqualTo(Status.COMPLETED);
    assertThat(done.value()).contains(Json.of("2"));
    assertThat(done.failure()).map(Failure::message).contains("busy");
  }

  @Test
  void refusesEventsOfOtherTasks() {
    assertThatThrownBy(() ->
            written.apply(
                ActivityTaskStarted.builder()
                    .header(HEADER)
                    .taskId("task-1")
                    .activityName("a")
                    .input(json("1"))
                    .build()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("event-1")
        .hasMessageContaining("task-1");
  }

  @Test
  void theScenariosTasksEndWithTheirFinalValues() {
    TaskStates states = new TaskStates();
    Scenario.events().forEach(event -> states.apply(EventReader.event(event)));

    assertThat(states.all()).allMatch(it -> it.status().isFinal());
    assertThat(states.all())
        .filteredOn(it -> it.staleReason().isPresent())
        .as("what is encrypted")
        .extracting(TaskState::taskId)
        .containsExactly("secret-1");
    assertThat(states.customTask("document-review-7f3a", "tok-1").orElseThrow().value())
        .map(value -> value.tree().path("text").asString())
        .hasValueSatisfying(text ->
            assertThat(text).startsWith("Le rapport décrit").endsWith("énergie éolienne ."));
  }
}
