package io.galerne.server.log.runs;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.Logs;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Starts and ends runs in a log, each at a new time or at that of the one before.
final class LiveRuns {
  private final EventLog log;
  private final Random random;
  private final List<String> underWay = new ArrayList<>();
  private int count;
  private long nanos = 1_780_000_000_000_000_000L;

  LiveRuns(EventLog log, Random random) {
    this.log = log;
    this.random = random;
  }

  void start() {
    String run = "run-" + count++;
    underWay.add(run);
    append(run, EventType.WORKFLOW_EXECUTION_STARTED);
  }

  void end() {
    if (!underWay.isEmpty()) {
      append(
          underWay.remove(random.nextInt(underWay.size())), EventType.WORKFLOW_EXECUTION_COMPLETED);
    }
  }

  private void append(String run, EventType type) {
    nanos += random.nextInt(2);
    Logs.append(
        log,
        SampleEvent.of(type).run(run).with("event_timestamp", Long.toString(nanos)).record("acme"));
  }
}
