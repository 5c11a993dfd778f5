package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventLogContract;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// The contract on a newer NATS server, which stores batches as one and takes several patterns.
class AtomicBatchesTest implements EventLogContract {
  private static NatsServers nats;
  private static int logs;

  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    nats = NatsServers.newerSingle(folder);
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
        .open();
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }
}
