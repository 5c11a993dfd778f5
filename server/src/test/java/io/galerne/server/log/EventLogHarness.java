package io.galerne.server.log;

import java.time.Duration;

/// The fixture that an engine's test supplies to the suites of the contract. JUnit creates one per
/// test.
public interface EventLogHarness {
  /// The retention age of the logs.
  Duration RETENTION_AGE = Duration.ofDays(30);

  /// The deduplication window of the logs.
  Duration REPEAT_WINDOW = Duration.ofHours(1);

  /// Opens an empty log with [#RETENTION_AGE] and [#REPEAT_WINDOW]. It runs expiry often enough for
  /// a test to wait for it.
  EventLog openFresh();

  /// Reopens the log that was opened last. It must be closed.
  EventLog reopen();

  /// Advances the clock of the open log and of logs opened later.
  void advance(Duration time);
}
