package io.galerne.server.log.embedded;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventLogContract;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.store.StoreProbe;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedEventLogTest implements EventLogContract {
  @TempDir private Path folder;
  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);
  private int opened;

  @Override
  public EventLog openFresh() {
    opened++;
    return reopen();
  }

  @Override
  public EventLog reopen() {
    return logs().open();
  }

  EmbeddedLogs logs() {
    return EmbeddedLogs.in(folder.resolve("log-" + opened))
        .clock(clock)
        .retentionAge(RETENTION_AGE)
        .repeatWindow(REPEAT_WINDOW);
  }

  @Override
  public EventLog reopenWithoutDerivedData() {
    StoreProbe.deleteRuns(folder.resolve("log-" + opened));
    return reopen();
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }
}
