package io.galerne.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScriptedEventTest {
  private List<ScriptedEvent> script = List.of();

  @BeforeAll
  void read() throws IOException {
    script = ScriptedEvent.readAll();
  }

  @Test
  void everyEventIsOneThatAServerTakes() {
    PublishBody bodies = new PublishBody(new Limits(65536, 65536, 1), Clock.systemUTC());

    for (Event event : round("000000")) {
      byte[] body = "{\"event\":%s}".formatted(event.json()).getBytes(UTF_8);
      assertThatCode(() -> bodies.single(body, "default")).doesNotThrowAnyException();
    }
  }

  @Test
  void everyEventHasAnIdOfItsOwn() {
    List<Event> events = new ArrayList<>();
    for (int number = 0; number < 3; number++) {
      events.addAll(round("00000" + number));
    }

    assertThat(events).extracting(Event::eventId).doesNotHaveDuplicates();
  }

  @Test
  void everyRoundHasExecutionsAndRunsOfItsOwn() {
    List<Event> one = round("000001");
    List<Event> other = round("000002");

    for (Event event : one) {
      assertThat(event.json().text()).doesNotContain("{round}");
      assertThat(other)
          .noneMatch(each -> each.workflowExecId().equals(event.workflowExecId()))
          .noneMatch(each -> each.workflowRunId().equals(event.workflowRunId()));
    }
  }

  @Test
  void everyTypeOccurs() {
    Set<EventType> types =
        round("000000").stream().flatMap(event -> event.type().stream()).collect(toSet());

    assertThat(types).containsExactlyInAnyOrder(EventType.values());
  }

  @Test
  void everyExecutionStartsAndEndsOnce() {
    Map<String, List<Event>> executions =
        round("000000").stream().collect(groupingBy(Event::workflowExecId));

    assertThat(executions).hasSize(5);
    assertThat(executions.values())
        .allSatisfy(events -> {
          assertThat(events.getFirst().type()).contains(EventType.WORKFLOW_EXECUTION_STARTED);
          assertThat(events.stream().filter(Event::endsExecution))
              .containsExactly(events.getLast());
        });
  }

  @Test
  void aChildNamesItsParentAndItsRuns() {
    List<Event> child =
        round("7f3a00").stream()
            .filter(event -> event.workflowName().equals("fact-check"))
            .toList();

    assertThat(child)
        .allSatisfy(event -> {
          assertThat(event.workflowExecId()).isEqualTo("fact-check-7f3a00");
          assertThat(event.parentWorkflowExecId()).contains("document-review-7f3a00");
          assertThat(event.rootWorkflowExecId()).isEqualTo("document-review-7f3a00");
        });
    Optional<String> firstRun = Optional.of(child.getFirst().workflowRunId());
    assertThat(child.getLast().continuedRunId()).isEqualTo(firstRun);
    assertThat(child.getLast().firstExecutionRunId()).isEqualTo(firstRun);
    assertThat(child.getLast().workflowRunId()).isNotEqualTo(firstRun.get());
  }

  @Test
  void theFileIsInOrderOfTimeAndTakesFifteenToTwentySeconds() {
    assertThat(script).extracting(ScriptedEvent::at).isSorted();
    assertThat(script.getLast().at()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
  }

  private List<Event> round(String round) {
    return script.stream().map(scripted -> scripted.event(round)).toList();
  }
}
