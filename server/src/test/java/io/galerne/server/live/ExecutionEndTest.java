package io.galerne.server.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// When an execution is over. Each event is a run's number and the event's kind.
class ExecutionEndTest {
  private static final Map<String, EventType> TYPES =
      Map.of(
          "started", EventType.WORKFLOW_EXECUTION_STARTED,
          "completed", EventType.WORKFLOW_EXECUTION_COMPLETED,
          "failed", EventType.WORKFLOW_EXECUTION_FAILED,
          "canceled", EventType.WORKFLOW_EXECUTION_CANCELED,
          "continued", EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW,
          "task-failed", EventType.WORKFLOW_TASK_FAILED,
          "custom-failed", EventType.CUSTOM_TASK_FAILED,
          "activity", EventType.ACTIVITY_TASK_COMPLETED);

  @ParameterizedTest(name = "{0} -> {1}")
  @CsvSource({
    "'', false",
    "1:activity, false",
    "1:started, false",
    "1:started 1:completed, true",
    "1:started 1:failed, true",
    "1:started 1:canceled, true",
    "1:completed, true",
    "1:started 1:task-failed 1:custom-failed, false",
    "1:started 1:completed 1:activity, true",
    "1:started 1:continued, false",
    "1:started 1:continued 2:started, false",
    "1:started 1:continued 2:started 2:completed, true",
    "1:started 1:failed 2:started, false",
    "1:started 1:failed 2:activity, false",
    "1:started 1:failed 2:started 2:failed 3:started 3:completed, true",
    "1:started 1:failed 2:started 1:activity, false",
    "1:started 2:started 1:failed, false",
    "1:started 2:started 1:failed 2:completed, true",
    "1:started 2:started 2:completed 1:failed, true",
    "1:started 2:started 2:completed 1:activity, true",
    "1:completed 1:started, true"
  })
  void anExecutionIsOverOnceItsNewestRunHasItsTerminalEvent(String events, boolean over) {
    ExecutionEnd end = new ExecutionEnd();
    long sequence = 0;
    for (String event : events.isEmpty() ? new String[0] : events.split(" ")) {
      String[] parts = event.split(":");
      end.see(++sequence, event(parts[0], TYPES.get(parts[1])));
    }
    assertThat(end.isOver()).isEqualTo(over);
    assertThat(end.lastSequence()).isEqualTo(sequence);

    long last = sequence;
    sequence = 0;
    for (String event : events.isEmpty() ? new String[0] : events.split(" ")) {
      String[] parts = event.split(":");
      end.see(++sequence, event(parts[0], TYPES.get(parts[1])));
    }
    assertThat(end.isOver()).as("seen again").isEqualTo(over);
    assertThat(end.lastSequence()).isEqualTo(last);
  }

  @Test
  void aChainOfManyRunsTakesNoMoreMemoryThanAFew() {
    ExecutionEnd end = new ExecutionEnd();
    for (int run = 0; run < 10_000; run++) {
      end.see(2L * run + 1, event("r" + run, EventType.WORKFLOW_EXECUTION_STARTED));
      end.see(2L * run + 2, event("r" + run, EventType.WORKFLOW_EXECUTION_CONTINUED_AS_NEW));
    }
    end.see(30_000, event("r9998", EventType.WORKFLOW_EXECUTION_FAILED));
    assertThat(end.isOver()).isFalse();
    end.see(30_001, event("r9999", EventType.WORKFLOW_EXECUTION_COMPLETED));
    assertThat(end.isOver()).isTrue();
  }

  private static EventRecord event(String run, EventType type) {
    return SampleEvent.of(type).with("workflow_run_id", "\"" + run + "\"").record();
  }
}
