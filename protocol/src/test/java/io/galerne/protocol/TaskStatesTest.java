package io.galerne.protocol;

import static io.galerne.protocol.Events.HEADER;
import static io.galerne.protocol.Events.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TaskStatesTest {
  private final TaskStates states = new TaskStates(3);

  @Test
  void keepsTasksApart() {
    states.apply(started("1"));
    states.apply(
        ActivityTaskStarted.builder()
            .header(HEADER)
            .taskId("1")
            .activityName("charge")
            .input(json("1"))
            .build());
    states.apply(
        CustomTaskStarted.builder()
            .header(HEADER.next().workflowExecId("other").build())
            .customTaskId("1")
            .customTaskType("t")
            .payload(json("'other'"))
            .build());

    assertThat(states.customTask("checkout-1", "1")).map(TaskState::isActivity).contains(false);
    assertThat(states.activity("checkout-1", "1")).map(TaskState::isActivity).contains(true);
    assertThat(states.customTask("other", "1").orElseThrow().value())
        .contains(Json.of("\"other\""));
    assertThat(states.customTask("checkout-1", "2")).isEmpty();
  }

  @Test
  void ignoresOtherEvents() {
    assertThat(states.apply(WorkflowTaskTimedOut.builder().header(HEADER).taskId("1").build()))
        .isEmpty();
    assertThat(states.apply(EventReader.event("{\"event_type\":\"CUSTOM_TASK_STARTED\"}")))
        .isEmpty();
    assertThat(states.all()).isEmpty();
  }

  @Test
  void forgetsTheTaskThatEndedFirst() {
    states.apply(started("1"));
    states.apply(started("2"));
    states.apply(ended("2"));
    states.apply(started("3"));
    states.apply(started("4"));

    assertThat(states.all()).extracting(TaskState::taskId).containsExactly("1", "3", "4");
    states.apply(started("5"));
    assertThat(states.all()).extracting(TaskState::taskId).containsExactly("3", "4", "5");
  }

  @Test
  void neverExceedsTheLimit() {
    IntStream.range(0, 1_000).forEach(i -> states.apply(started("" + i)));
    assertThat(states.all()).hasSize(3);
    IntStream.range(0, 1_000).forEach(i -> states.apply(ended("" + i)));
    assertThat(states.all()).hasSize(3);
    assertThatThrownBy(() -> new TaskStates(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void forgetsATaskOnRequest() {
    TaskState running = states.apply(started("1")).orElseThrow();
    TaskState ended = states.apply(ended("2")).orElseThrow();

    states.forget(running);
    states.forget(ended);

    assertThat(states.all()).isEmpty();
  }

  private static CustomTaskStarted started(String id) {
    return CustomTaskStarted.builder()
        .header(HEADER)
        .customTaskId(id)
        .customTaskType("t")
        .payload(json("1"))
        .build();
  }

  private static CustomTaskCompleted ended(String id) {
    return CustomTaskCompleted.builder()
        .header(HEADER)
        .customTaskId(id)
        .customTaskType("t")
        .payload(json("2"))
        .build();
  }
}
