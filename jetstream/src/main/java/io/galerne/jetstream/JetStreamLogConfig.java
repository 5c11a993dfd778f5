package io.galerne.jetstream;

import io.galerne.server.log.store.StoreConfig;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/// What a log on JetStream is opened with. Made with [#builder]; every value but the first two has a
/// default.
///
/// @param access how the cluster is reached
/// @param folder for the node's own view of the log, from which it answers all reads. Created if it is
///     missing; can be deleted while the node does not run, and is then built again
/// @param stream the name of the log's stream; created if it is missing
/// @param replicas on how many servers the stream is kept; empty takes what an existing stream has,
///     and for a new one 3 on a cluster and 1 on a server by itself
/// @param retentionAge how long an event is kept at least; empty keeps events indefinitely
/// @param retentionBytes about how large the log may grow before its oldest events go; empty for as
///     large as disks allow
/// @param repeatWindow how long a repeated `event_id` is recognised at least
/// @param afterRestore the stream was put back from a backup: the log takes a new id and leaves a gap of
///     sequences, so that none is given twice
/// @param expiryInterval how often it looks for events to expire
/// @param clock when events were stored, for expiry and repeats
public record JetStreamLogConfig(
    NatsAccess access,
    Path folder,
    String stream,
    OptionalInt replicas,
    Optional<Duration> retentionAge,
    OptionalLong retentionBytes,
    Duration repeatWindow,
    boolean afterRestore,
    Duration expiryInterval,
    Clock clock) {
  public static final String DEFAULT_STREAM = "GALERNE";

  private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /// What NATS allows.
  private static final int MOST_REPLICAS = 5;

  /// Starts from the defaults.
  public static Builder builder(NatsAccess access, Path folder) {
    return new Builder(access, folder);
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private final NatsAccess access;
    private final Path folder;
    private String stream = DEFAULT_STREAM;
    private OptionalInt replicas = OptionalInt.empty();
    private Optional<Duration> retentionAge = Optional.of(StoreConfig.DEFAULT_RETENTION_AGE);
    private OptionalLong retentionBytes = OptionalLong.empty();
    private Duration repeatWindow = StoreConfig.DEFAULT_REPEAT_WINDOW;
    private boolean afterRestore;
    private Duration expiryInterval = StoreConfig.DEFAULT_EXPIRY_INTERVAL;
    private Clock clock = Clock.systemUTC();

    private Builder(NatsAccess access, Path folder) {
      this.access = access;
      this.folder = folder;
    }

    public Builder stream(String name) {
      this.stream = name;
      return this;
    }

    public Builder replicas(OptionalInt count) {
      this.replicas = count;
      return this;
    }

    public Builder retentionAge(Optional<Duration> age) {
      this.retentionAge = age;
      return this;
    }

    public Builder retentionBytes(OptionalLong bytes) {
      this.retentionBytes = bytes;
      return this;
    }

    public Builder repeatWindow(Duration window) {
      this.repeatWindow = window;
      return this;
    }

    public Builder afterRestore(boolean restored) {
      this.afterRestore = restored;
      return this;
    }

    public Builder expiryInterval(Duration interval) {
      this.expiryInterval = interval;
      return this;
    }

    public Builder clock(Clock source) {
      this.clock = source;
      return this;
    }

    /// The settings, checked.
    ///
    /// @throws IllegalArgumentException if a value makes no sense; the message names the setting
    public JetStreamLogConfig build() {
      require(
          STREAM_NAME.matcher(stream).matches(),
          "`stream` must have 1 to 64 letters, digits, - or _, not " + stream);
      require(
          replicas.isEmpty() || (replicas.getAsInt() >= 1 && replicas.getAsInt() <= MOST_REPLICAS),
          "`replicas` must be from 1 to " + MOST_REPLICAS);
      StoreConfig.check(retentionAge, retentionBytes, repeatWindow);
      return new JetStreamLogConfig(
          access,
          folder,
          stream,
          replicas,
          retentionAge,
          retentionBytes,
          repeatWindow,
          afterRestore,
          expiryInterval,
          clock);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}
