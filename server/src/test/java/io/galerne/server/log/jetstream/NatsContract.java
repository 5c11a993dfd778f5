package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventLogContract;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.nats.NatsServers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;

/// The contract on NATS, with a stream for each log. The tests that extend this start the servers.
abstract class NatsContract implements EventLogContract {
  private static NatsServers nats;
  private static int logs;

  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);
  private final long recentBytes;

  /// @param recentBytes how much is kept in memory
  NatsContract(long recentBytes) {
    this.recentBytes = recentBytes;
  }

  static void use(NatsServers servers) {
    nats = servers;
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @Override
  public EventLog openFresh() {
    logs++;
    return reopen();
  }

  @Override
  public EventLog reopen() {
    return JetStreamLogs.at(List.of(nats.directUrl(0))).stream("LOG" + logs)
        .clock(clock)
        .retentionAge(RETENTION_AGE)
        .repeatWindow(REPEAT_WINDOW)
        .recentBytes(recentBytes)
        .open();
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }
}
