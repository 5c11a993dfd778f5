package io.galerne.server.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventType;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.runs.Run;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The parents of custom tasks in the span tree, and the cost of finding them.
@Timeout(60)
class RunSpansTest {
  private static final int TASKS = 2_000;

  private final RunSpans spans = spans();
  private long sequence;

  private static RunSpans spans() {
    Run.Moment start = new Run.Moment(1, 1);
    Run.Moment none = new Run.Moment(0, 0);
    return new RunSpans(
        new Run(
            "default", "exec", "run", "root", null, "review", start, 1, start, none, null, none, 0,
            List.of()));
  }

  private static Event activity(EventType type, String id) {
    return event(SampleEvent.of(type).attribute("task_id", "\"" + id + "\""));
  }

  private static Event task(EventType type, String id) {
    return event(SampleEvent.of(type).attribute("custom_task_id", "\"" + id + "\""));
  }

  private static Event event(SampleEvent sample) {
    return RunEvents.event(sample.record());
  }

  private Span see(Event event) {
    return spans.see(++sequence, event);
  }

  @Test
  void theOnlyRunningActivityIsTheParentOfATask() {
    see(activity(EventType.ACTIVITY_TASK_STARTED, "1"));
    Span second = see(activity(EventType.ACTIVITY_TASK_STARTED, "2"));
    Span ofBoth = see(task(EventType.CUSTOM_TASK_STARTED, "a"));
    see(activity(EventType.ACTIVITY_TASK_COMPLETED, "1"));
    Span ofSecond = see(task(EventType.CUSTOM_TASK_STARTED, "b"));
    see(activity(EventType.ACTIVITY_TASK_FAILED, "2"));
    Span ofNone = see(task(EventType.CUSTOM_TASK_STARTED, "c"));
    Span again = see(activity(EventType.ACTIVITY_TASK_STARTED, "1"));
    Span ofFirst = see(task(EventType.CUSTOM_TASK_STARTED, "d"));

    assertThat(spans.root().children()).contains(ofBoth, ofNone);
    assertThat(second.children()).containsExactly(ofSecond);
    assertThat(again.children()).containsExactly(ofFirst);
  }

  @Test
  void theRunIsTheParentOfTheWorkflowsOwnTask() {
    see(activity(EventType.ACTIVITY_TASK_STARTED, "1"));
    SampleEvent emits =
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED)
            .attribute("task_id", "\"2\"")
            .attribute("activity_name", "\"__internal__emit_task_started\"");
    see(event(emits));

    assertThat(spans.root().children()).contains(see(task(EventType.CUSTOM_TASK_STARTED, "a")));
  }

  @Test
  void manyRunningActivitiesDoNotSlowDownTasks() {
    List<Event> tasks = tasks();
    nanosOfTasks(10, tasks); // loads classes
    long few = nanosOfTasks(500, tasks);
    long many = nanosOfTasks(20_000, tasks);

    assertThat(many).as("CPU nanoseconds, %d with few activities", few).isLessThan(10 * few);
  }

  private static List<Event> tasks() {
    List<Event> tasks = new ArrayList<>();
    for (int i = 0; i < TASKS; i++) {
      tasks.add(task(EventType.CUSTOM_TASK_STARTED, "task-" + i));
    }
    return tasks;
  }

  /// The minimum CPU time for the starts of the tasks with this many running activities. CPU time
  /// is independent of the machine's load.
  private static long nanosOfTasks(int activities, List<Event> tasks) {
    List<Event> started = new ArrayList<>();
    for (int i = 0; i < activities; i++) {
      started.add(activity(EventType.ACTIVITY_TASK_STARTED, "activity-" + i));
    }
    return LongStream.range(0, 5)
        .map(round -> {
          RunSpans spans = spans();
          started.forEach(event -> spans.see(1, event));
          long begin = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
          tasks.forEach(event -> spans.see(2, event));
          return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begin;
        })
        .min()
        .orElseThrow();
  }
}
