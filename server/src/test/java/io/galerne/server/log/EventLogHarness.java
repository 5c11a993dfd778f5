package io.galerne.server.log;

import java.time.Duration;

/// What the test of an engine supplies, so that the contract's suites can be run on it. JUnit makes
/// one for each test.
public interface EventLogHarness {
  /// How long the logs keep events.
  Duration RETENTION_AGE = Duration.ofDays(30);

  /// How long the logs recognise repeats.
  Duration REPEAT_WINDOW = Duration.ofHours(1);

  /// Opens a log that holds nothing, with [#RETENTION_AGE] and [#REPEAT_WINDOW], and looks for what
  /// has expired often enough that a test can wait for it.
  EventLog openFresh();

  /// Opens the log once more that was opened last and is closed now.
  EventLog reopen();

  /// Lets so much time go by, for the log that is open and for those opened later.
  void advance(Duration time);
}
