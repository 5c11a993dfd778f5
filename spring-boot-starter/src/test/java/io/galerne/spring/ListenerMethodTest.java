package io.galerne.spring;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.CustomTaskEvent;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.protocol.UnknownEvent;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowTaskEvent;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ListenerMethodTest {
  @Test
  void anEventClassHasOneTypeAndAGroupSeveral() {
    assertThat(ListenerMethod.typesBelow(WorkflowExecutionCompleted.class))
        .containsExactly(EventType.WORKFLOW_EXECUTION_COMPLETED);
    assertThat(ListenerMethod.typesBelow(WorkflowTaskEvent.class))
        .containsExactly(EventType.WORKFLOW_TASK_TIMED_OUT, EventType.WORKFLOW_TASK_FAILED);
    assertThat(ListenerMethod.typesBelow(CustomTaskEvent.class)).hasSize(6);
  }

  @Test
  void everyEventClassHasItsType() {
    Set<EventType> found = EnumSet.noneOf(EventType.class);
    for (Class<?> group : Event.class.getPermittedSubclasses()) {
      if (group != UnknownEvent.class) {
        found.addAll(ListenerMethod.typesBelow(group));
      }
    }
    assertThat(found).containsExactly(EventType.values());
  }

  @Test
  void eventsOfUnknownTypesAreNotFilteredOut() {
    assertThat(ListenerMethod.typesBelow(Event.class)).containsExactly(EventType.values());
    assertThat(ListenerMethod.typesBelow(UnknownEvent.class)).containsExactly(EventType.values());
  }

  @Test
  void backoffDoublesUpToTheMaximum() {
    ListenerSettings settings =
        new ListenerSettings(
            true, true, Duration.ofSeconds(30), 10, Duration.ofSeconds(1), Duration.ofSeconds(5));

    assertThat(settings.backoffAfter(1)).hasSeconds(1);
    assertThat(settings.backoffAfter(2)).hasSeconds(2);
    assertThat(settings.backoffAfter(3)).hasSeconds(4);
    assertThat(settings.backoffAfter(4)).hasSeconds(5);
    assertThat(settings.backoffAfter(Integer.MAX_VALUE)).hasSeconds(5);
  }
}
