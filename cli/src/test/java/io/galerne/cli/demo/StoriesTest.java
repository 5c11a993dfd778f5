package io.galerne.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.galerne.cli.demo.Stories.Story;
import io.galerne.protocol.EventType;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

class StoriesTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 1000})
  void everyEventIsAccepted(int round) {
    PublishBody bodies = new PublishBody(new Limits(65536, 65536, 1), Clock.systemUTC());

    for (ObjectNode event : played(round).events) {
      byte[] body = Json.object("event", event).toString().getBytes(UTF_8);
      assertThatCode(() -> bodies.single(body, "default")).doesNotThrowAnyException();
    }
  }

  @Test
  void everyEventHasAnIdOfItsOwn() {
    Recording stage = new Recording();
    for (int round = 0; round < 3; round++) {
      play(stage, round);
    }

    assertThat(stage.events).extracting(event -> text(event, "event_id")).doesNotHaveDuplicates();
  }

  @Test
  void everyTypeOccurs() {
    Set<String> types =
        played(0).events.stream().map(event -> text(event, "event_type")).collect(toSet());

    assertThat(types).hasSameSizeAs(EventType.values());
  }

  @Test
  void everyExecutionStartsAndEndsOnce() {
    Map<String, List<ObjectNode>> executions =
        played(0).events.stream().collect(groupingBy(event -> text(event, "workflow_exec_id")));

    assertThat(executions).hasSize(5);
    assertThat(executions.values())
        .allSatisfy(events -> {
          assertThat(type(events.getFirst())).isEqualTo(EventType.WORKFLOW_EXECUTION_STARTED);
          assertThat(events.stream().map(StoriesTest::type).filter(EventType::endsExecution))
              .containsExactly(type(events.getLast()));
        });
  }

  @Test
  void aChildNamesItsParentAndItsRuns() {
    List<ObjectNode> events = played(0).events;
    List<ObjectNode> child =
        events.stream().filter(event -> text(event, "workflow_name").equals("fact-check")).toList();

    assertThat(child)
        .allSatisfy(event -> {
          assertThat(text(event, "parent_workflow_exec_id")).startsWith("document-review-");
          assertThat(text(event, "root_workflow_exec_id")).startsWith("document-review-");
        });
    String firstRun = text(child.getFirst(), "workflow_run_id");
    assertThat(text(child.getLast(), "continued_run_id")).isEqualTo(firstRun);
    assertThat(text(child.getLast(), "first_execution_run_id")).isEqualTo(firstRun);
    assertThat(text(child.getLast(), "workflow_run_id")).isNotEqualTo(firstRun);
  }

  @Test
  void allOfItTakesFifteenToTwentySeconds() {
    Duration longest =
        Stories.all().stream()
            .map(story -> {
              Recording stage = new Recording();
              story.play(stage, 0);
              return story.firstStart().plus(stage.time);
            })
            .max(Comparator.naturalOrder())
            .orElseThrow();

    assertThat(longest).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(20));
  }

  private static Recording played(int round) {
    Recording stage = new Recording();
    play(stage, round);
    return stage;
  }

  private static void play(Stage stage, int round) {
    for (Story story : Stories.all()) {
      story.play(stage, round);
    }
  }

  private static EventType type(ObjectNode event) {
    return EventType.ofWireName(text(event, "event_type")).orElseThrow();
  }

  private static String text(ObjectNode event, String member) {
    return event.path(member).asString("");
  }

  /// A stage on which no time passes.
  private static final class Recording implements Stage {
    private final List<ObjectNode> events = new ArrayList<>();
    private Duration time = Duration.ZERO;

    @Override
    public void publish(List<ObjectNode> some) {
      events.addAll(some);
    }

    @Override
    public void pause(Duration pause) {
      time = time.plus(pause);
    }
  }
}
