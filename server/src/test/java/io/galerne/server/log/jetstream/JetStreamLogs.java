package io.galerne.server.log.jetstream;

import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Opens logs on JetStream for tests: keeps everything, recognises repeats for an hour, and looks for
/// what has expired every few milliseconds, until told otherwise.
///
/// Not safe for use by several threads.
public final class JetStreamLogs {
  private NatsAccess access;
  private String stream = "GALERNE";
  private OptionalInt replicas = OptionalInt.empty();
  private Clock clock = new SteppedClock(SampleEvent.NOW);
  private Optional<Duration> retentionAge = Optional.empty();
  private OptionalLong retentionBytes = OptionalLong.empty();
  private Duration repeatWindow = Duration.ofHours(1);
  private long recentBytes = 8 << 20;

  private JetStreamLogs(NatsAccess access) {
    this.access = access;
  }

  public static JetStreamLogs at(List<String> servers) {
    return new JetStreamLogs(NatsAccess.to(servers));
  }

  public JetStreamLogs access(NatsAccess value) {
    access = value;
    return this;
  }

  public JetStreamLogs stream(String value) {
    stream = value;
    return this;
  }

  public JetStreamLogs replicas(int value) {
    replicas = OptionalInt.of(value);
    return this;
  }

  public JetStreamLogs clock(Clock value) {
    clock = value;
    return this;
  }

  public JetStreamLogs retentionAge(Duration value) {
    retentionAge = Optional.of(value);
    return this;
  }

  public JetStreamLogs retentionBytes(long value) {
    retentionBytes = OptionalLong.of(value);
    return this;
  }

  public JetStreamLogs repeatWindow(Duration value) {
    repeatWindow = value;
    return this;
  }

  /// How much is kept in memory; 0 has everything read from the cluster.
  public JetStreamLogs recentBytes(long value) {
    recentBytes = value;
    return this;
  }

  public JetStreamEventLog open() {
    return open(false);
  }

  /// Opens it as one that was put back from a backup.
  public JetStreamEventLog openRestored() {
    return open(true);
  }

  private JetStreamEventLog open(boolean afterRestore) {
    return JetStreamEventLog.open(
        new JetStreamLogConfig(
            access,
            stream,
            replicas,
            retentionAge,
            retentionBytes,
            repeatWindow,
            afterRestore,
            recentBytes,
            Duration.ofMillis(20),
            clock));
  }
}
