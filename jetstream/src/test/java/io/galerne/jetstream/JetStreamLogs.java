package io.galerne.jetstream;

import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.SteppedClock;
import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

/// Opens logs on JetStream for tests. By default, they keep everything, recognise repeats for an
/// hour, and expire events every few milliseconds. Each opened log is a new node with an empty
/// view, unless [#node] names one.
///
/// Not safe for use by several threads.
public final class JetStreamLogs {
  private static final AtomicInteger NODES = new AtomicInteger();

  private NatsAccess access;
  private final Path folder;
  private Optional<String> node = Optional.empty();
  private String stream = JetStreamLogConfig.DEFAULT_STREAM;
  private OptionalInt replicas = OptionalInt.empty();
  private Clock clock = new SteppedClock(SampleEvent.NOW);
  private Optional<Duration> retentionAge = Optional.empty();
  private OptionalLong retentionBytes = OptionalLong.empty();
  private Duration repeatWindow = Duration.ofHours(1);

  private JetStreamLogs(NatsAccess access, Path folder) {
    this.access = access;
    this.folder = folder;
  }

  /// @param folder for the views, each in its own folder
  public static JetStreamLogs at(List<String> servers, Path folder) {
    return new JetStreamLogs(NatsAccess.to(servers), folder);
  }

  public JetStreamLogs access(NatsAccess value) {
    access = value;
    return this;
  }

  /// Names the node, so that it has the same view whenever it is opened.
  public JetStreamLogs node(String name) {
    node = Optional.of(name);
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

  public JetStreamEventLog open() {
    return JetStreamEventLog.open(config(false));
  }

  /// Opens it as restored from a backup.
  public JetStreamEventLog openRestored() {
    return JetStreamEventLog.open(config(true));
  }

  private JetStreamLogConfig config(boolean afterRestore) {
    String view = node.orElseGet(() -> "node-" + NODES.incrementAndGet());
    StoreConfig store =
        StoreConfig.builder(folder.resolve(view))
            .retentionAge(retentionAge)
            .retentionBytes(retentionBytes)
            .repeatWindow(repeatWindow)
            .afterRestore(afterRestore)
            .expiryInterval(Duration.ofMillis(20))
            .clock(clock)
            .build();
    return JetStreamLogConfig.builder(access, store).stream(stream).replicas(replicas).build();
  }
}
