package io.galerne.jetstream;

import io.galerne.server.log.store.StoreConfig;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/// The settings of a log on JetStream. Made with [#builder]; every value but the first two has a
/// default.
///
/// @param access how to reach the cluster
/// @param store the log's retention, and where this node stores its own view of it
/// @param stream the name of the log's stream; created if it is missing
/// @param replicas the number of servers that keep the stream; if empty, that of an existing
///     stream, and for a new one 3 on a cluster and 1 on a single server
public record JetStreamLogConfig(
    NatsAccess access, StoreConfig store, String stream, OptionalInt replicas) {
  public static final String DEFAULT_STREAM = "GALERNE";

  private static final Pattern STREAM_NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /// The largest number that NATS allows.
  private static final int MOST_REPLICAS = 5;

  /// Starts from the defaults.
  public static Builder builder(NatsAccess access, StoreConfig store) {
    return new Builder(access, store);
  }

  /// Collects settings. Not safe for use by several threads.
  public static final class Builder {
    private final NatsAccess access;
    private final StoreConfig store;
    private String stream = DEFAULT_STREAM;
    private OptionalInt replicas = OptionalInt.empty();

    private Builder(NatsAccess access, StoreConfig store) {
      this.access = access;
      this.store = store;
    }

    /// Default: [#DEFAULT_STREAM].
    public Builder stream(String name) {
      this.stream = name;
      return this;
    }

    /// Default: empty.
    public Builder replicas(OptionalInt count) {
      this.replicas = count;
      return this;
    }

    /// Checks and returns the settings.
    ///
    /// @throws IllegalArgumentException if a value is invalid; the message names the setting
    public JetStreamLogConfig build() {
      require(
          STREAM_NAME.matcher(stream).matches(),
          "`stream` must have 1 to 64 letters, digits, - or _, not " + stream);
      require(
          replicas.isEmpty() || (replicas.getAsInt() >= 1 && replicas.getAsInt() <= MOST_REPLICAS),
          "`replicas` must be from 1 to " + MOST_REPLICAS);
      return new JetStreamLogConfig(access, store, stream, replicas);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}
