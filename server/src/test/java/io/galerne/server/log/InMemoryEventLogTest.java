package io.galerne.server.log;

import java.time.Duration;

class InMemoryEventLogTest implements EventLogContract {
  private final SteppedClock clock = new SteppedClock(SampleEvent.NOW);
  private InMemoryEventLog.Disk disk = new InMemoryEventLog.Disk();

  @Override
  public EventLog openFresh() {
    disk = new InMemoryEventLog.Disk();
    return reopen();
  }

  @Override
  public EventLog reopen() {
    return new InMemoryEventLog(disk, clock, RETENTION_AGE, REPEAT_WINDOW);
  }

  @Override
  public EventLog reopenWithoutDerivedData() {
    return reopen(); // it has no derived data
  }

  @Override
  public void advance(Duration time) {
    clock.advance(time);
  }
}
