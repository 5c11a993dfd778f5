package io.galerne.server.log.runs;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Random histories of runs, reproducible by seed. Ids are few, so that runs interleave, ids are
/// reused, executions and namespaces share run ids, and children precede their parents. Timestamps
/// are out of order, events repeat, and some runs never end.
///
/// Not safe for use by several threads.
public final class RunHistories {
  public static final List<String> NAMESPACES = List.of("acme", "other");
  private static final List<String> WORKFLOWS = List.of("Review", "review", "é \"quoted\"", "");
  private static final int EXECUTIONS = 7;
  private static final int RUNS = 4;
  private static final long STEP_NANOS = 50;

  private final Random random;
  private final List<EventRecord> before = new ArrayList<>();
  private long nanos = 1_780_000_000_000_000_000L;

  public RunHistories(Random random) {
    this.random = random;
  }

  /// The next events, some of which repeat earlier ones.
  public List<EventRecord> next(int howMany) {
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < howMany; i++) {
      boolean repeat = !before.isEmpty() && random.nextInt(12) == 0;
      EventRecord event =
          repeat ? before.get(random.nextInt(before.size())) : event(pick(NAMESPACES));
      before.add(event);
      if (before.size() > 200) {
        before.removeFirst();
      }
      events.add(event);
    }
    return events;
  }

  private EventRecord event(String namespace) {
    int execution = random.nextInt(EXECUTIONS);
    int root = execution / 3 * 3;
    EventType type = pick(List.of(EventType.values()));
    if (random.nextInt(4) == 0) {
      type = EventType.WORKFLOW_EXECUTION_STARTED;
    }
    SampleEvent event =
        SampleEvent.of(type)
            .exec("exec-" + execution)
            .root("exec-" + root)
            .run("run-" + random.nextInt(RUNS))
            .workflow(WORKFLOWS.get(execution % WORKFLOWS.size()))
            .with("event_timestamp", Long.toString(time()));
    if (execution != root) {
      event.parent("exec-" + root);
    }
    if (random.nextInt(3) == 0) {
      event.text("continued_run_id", "run-" + random.nextInt(RUNS));
    }
    if (type.name().startsWith("ACTIVITY_")) {
      event.attribute("task_id", "\"" + random.nextInt(2) + "\"");
    }
    return event.record(namespace);
  }

  /// Usually later than the last, sometimes the same or much earlier, rarely before 1970.
  private long time() {
    nanos += random.nextLong(2 * STEP_NANOS);
    return switch (random.nextInt(20)) {
      case 0 -> nanos - random.nextLong(100 * STEP_NANOS);
      case 1 -> 1_780_000_000_000_000_000L;
      case 2 -> -1;
      default -> nanos;
    };
  }

  /// A random query.
  RunOracle.Wanted wanted() {
    return new RunOracle.Wanted(
        pick(NAMESPACES),
        chance(3) ? pick(WORKFLOWS) : null,
        chance(3) ? "exec-" + 3 * random.nextInt(3) : null,
        chance(4) ? pick(List.of("REV", "exec-1", "run-2", "QUOTED", "none such")) : null,
        chance(2) ? statuses() : java.util.Set.of(),
        random.nextBoolean(),
        random.nextBoolean(),
        chance(4) ? someTime() : null,
        chance(4) ? someTime() : null,
        chance(5) ? someTime() : null,
        chance(5) ? someTime() : null);
  }

  private java.util.Set<RunStatus> statuses() {
    java.util.Set<RunStatus> some = java.util.EnumSet.of(pick(List.of(RunStatus.values())));
    some.add(pick(List.of(RunStatus.values())));
    return some;
  }

  private long someTime() {
    return time();
  }

  boolean chance(int oneIn) {
    return random.nextInt(oneIn) == 0;
  }

  <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }
}
