package io.galerne.server.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.EventType;
import io.galerne.server.RunningServer;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunQuery;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Reads stop early if their client has disconnected.
@Timeout(60)
class AbandonedTest {
  private static final RunQuery ALL = RunQuery.in(SampleEvent.NAMESPACE).build();

  @TempDir Path folder;

  private EventLog log;
  private Run run;

  private enum Answer {
    SUMMARY,
    EVENTS,
    OTEL,
    STATE,
    SNAPSHOT,
    METRICS
  }

  @BeforeEach
  void publish() {
    log = RunningServer.log(folder);
    for (EventType type :
        List.of(EventType.WORKFLOW_EXECUTION_STARTED, EventType.CUSTOM_TASK_STARTED)) {
      log.append(List.of(SampleEvent.of(type).record())).join();
    }
    run = log.runs().newestRun(SampleEvent.NAMESPACE, "exec").orElseThrow();
  }

  @AfterEach
  void close() {
    log.close();
  }

  private Object make(Answer answer, BooleanSupplier abandoned) {
    return switch (answer) {
      case SUMMARY -> TraceJson.summary(log, run, false, abandoned);
      case EVENTS -> TraceJson.events(log, run, false, false, abandoned);
      case OTEL -> OtelTrace.json(log, run, false, abandoned);
      case STATE -> ExecutionTasks.json(log, run, 2, abandoned);
      case SNAPSHOT -> TaskSnapshot.of(log, run, 0, 2, abandoned);
      case METRICS -> WorkflowMetrics.json(log, ALL, abandoned);
    };
  }

  @ParameterizedTest
  @EnumSource
  void readsNothingForADisconnectedClient(Answer answer) {
    assertThatThrownBy(() -> make(answer, () -> true)).isInstanceOf(CancellationException.class);
  }

  @Test
  void checksForADisconnectWhileReading() {
    for (Answer answer : List.of(Answer.SUMMARY, Answer.STATE, Answer.SNAPSHOT)) {
      AtomicInteger asked = new AtomicInteger();
      make(answer, () -> asked.incrementAndGet() < 0);
      assertThat(asked).as(answer.name()).hasValueGreaterThan(1);
    }
  }
}
