package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Event builders and their schema.
class EventBuilderTest {
  @Test
  void fillsInDefaults() {
    WorkflowExecutionStarted event =
        WorkflowExecutionStarted.builder()
            .header(Events.HEADER)
            .taskId("1")
            .input(Payload.of(Map.of()))
            .build();

    assertThat(event.startedWorkflowName()).isEqualTo("checkout");
    assertThat(event.attempt()).isEqualTo(1);
    assertThat(event.displayName()).isNull();
    assertThat(EventReader.event(event.json().text())).isEqualTo(event);
  }

  @Test
  void namesTheMissingValue() {
    WorkflowExecutionFailed.Builder builder = WorkflowExecutionFailed.builder().taskId("1");
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("WORKFLOW_EXECUTION_FAILED needs a header");
    assertThatThrownBy(() -> builder.header(Events.HEADER).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("WORKFLOW_EXECUTION_FAILED needs failure");
    assertThat(builder.failure("no disk").build().failure().message()).isEqualTo("no disk");
  }

  @Test
  void onlyInProgressAcceptsAPatch() {
    Payload patch = Payload.patch(new PatchOperation.Append("", "x"));

    assertThat(Events.progress(patch).payload()).isEqualTo(patch);
    assertThatThrownBy(() -> Events.completed(patch))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CUSTOM_TASK_COMPLETED")
        .hasMessageContaining("not a patch");
  }

  @Test
  void reusingABuilderDoesNotChangeBuiltEvents() {
    CustomTaskCanceled.Builder builder =
        CustomTaskCanceled.builder()
            .header(Events.HEADER)
            .customTaskId("task-1")
            .customTaskType("tokens")
            .reason("late");
    CustomTaskCanceled first = builder.build();

    assertThat(builder.reason(null).build().reason()).isNull();
    assertThat(first.reason()).isEqualTo("late");
  }

  @Test
  void rendersTheSameValuesAfterParsing() {
    Event sent = Events.started(Payload.of(Map.of("a", 1)));
    Event read =
        EventReader.event(
            sent.json().text().replace("\"custom_task_id\"", " \"new\":1,\"custom_task_id\""));

    assertThat(read.json().text()).contains("\"new\":1");
    assertThat(Events.rendered(read)).isEqualTo(sent.json());
  }

  @Test
  void aStreamEventIsAsAServerSendsIt() {
    Event event = Events.started(Payload.of(Map.of("a", 1)));

    StreamEvent sent = StreamEvent.of(7, event);

    assertThat(sent.data()).isEqualTo(event);
    assertThat(sent.brokerSequence()).isEqualTo(7);
    assertThat(sent.stream()).isEqualTo(((CustomTaskStarted) event).customTaskType());
    assertThat(sent.timestamp()).isEqualTo(event.eventTimestamp());
    assertThat(sent.workflowContext().workflowExecId()).isEqualTo(event.workflowExecId());
    assertThat(EventReader.streamEvent(sent.json().text())).isEqualTo(sent);
  }

  @Test
  void aStreamEventHasNoNegativeSequence() {
    Event event = Events.started(Payload.of(Map.of()));

    assertThatThrownBy(() -> StreamEvent.of(-1, event)).isInstanceOf(MalformedEventException.class);
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void everySchemaStartsWithTheTask(EventType type) {
    Attribute first = EventSchema.of(type).get(0).attribute();

    assertThat(first).isIn(Attribute.TASK_ID, Attribute.CUSTOM_TASK_ID);
  }
}
