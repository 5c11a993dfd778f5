package io.galerne.jetstream;

import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventLogContract;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on NATS, with a stream for each log. The tests that extend this start the servers.
abstract class NatsContract implements EventLogContract {
  private static NatsServers nats;
  private static int logs;
  private static int nodes;

  @TempDir Path folder;

  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);

  static void use(NatsServers servers) {
    nats = servers;
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  /// Returns the node that reopens a log.
  abstract String nodeThatReopens();

  @Override
  public EventLog openFresh() {
    logs++;
    return open("first");
  }

  @Override
  public EventLog reopen() {
    return open(nodeThatReopens());
  }

  /// Reopens the log on a node that has lost its view.
  @Override
  public EventLog reopenWithoutDerivedData() {
    return open("another-" + ++nodes);
  }

  @Override
  public int commits() {
    return 40;
  }

  private EventLog open(String node) {
    return JetStreamLogs.at(nats.urls(), folder).stream("LOG" + logs)
        .node("LOG" + logs + "-" + node)
        .clock(clock)
        .retentionAge(RETENTION_AGE)
        .repeatWindow(REPEAT_WINDOW)
        .open();
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }
}
