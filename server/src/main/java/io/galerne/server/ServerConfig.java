package io.galerne.server;

import io.galerne.server.worker.Temporal;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The settings of a server, apart from its log's. Build one with [#builder()]; every value has a
/// default. A duration of more than a hundred years means "forever".
///
/// @param host address to listen on; anything but loopback requires `keys`
/// @param port port to listen on; 0 picks a free one
/// @param maxEventBytes largest event, in bytes of UTF-8 after unescaping
/// @param maxBodyBytes largest request body, in bytes
/// @param maxBatchEvents most events in one body
/// @param maxConnections most connections at a time
/// @param maxStreams most open streams at a time
/// @param keepAlive idle time on a stream before a comment is sent
/// @param maxStreamDuration longest life of a stream; empty for no limit
/// @param executionGrace silence after an execution's end before its streams end
/// @param shutdownGrace how long idle connections stay open when the server stops, so that requests
///     on their way are still answered; their clients then reconnect
/// @param tls certificate and key, as PEM files
/// @param corsOrigins origins whose pages may read answers; `*` for any
/// @param temporal the Temporal server to give to workers; empty if they have it configured
/// @param keys file of API keys; without one, anyone may read and publish in namespace `default`
/// @param console whether `/` serves the console, a web page for watching runs
public record ServerConfig(
    String host,
    int port,
    int maxEventBytes,
    int maxBodyBytes,
    int maxBatchEvents,
    int maxConnections,
    int maxStreams,
    Duration keepAlive,
    Optional<Duration> maxStreamDuration,
    Duration executionGrace,
    Duration shutdownGrace,
    Optional<Tls> tls,
    List<String> corsOrigins,
    Optional<Temporal> temporal,
    Optional<Path> keys,
    boolean console) {

  public static final String DEFAULT_HOST = "127.0.0.1";
  public static final int DEFAULT_PORT = 8080;
  public static final int DEFAULT_MAX_EVENT_BYTES = 2 * 1024 * 1024;
  public static final int DEFAULT_MAX_BODY_BYTES = 16 * 1024 * 1024;
  public static final int DEFAULT_MAX_BATCH_EVENTS = 10_000;
  public static final int DEFAULT_MAX_CONNECTIONS = 20_000;
  public static final int DEFAULT_MAX_STREAMS = 15_000;
  public static final Duration DEFAULT_KEEP_ALIVE = Duration.ofSeconds(15);
  public static final Duration DEFAULT_EXECUTION_GRACE = Duration.ofSeconds(2);
  public static final Duration DEFAULT_SHUTDOWN_GRACE = Duration.ofSeconds(1);

  /// The PEM files of a server's certificate chain and private key (PKCS#8).
  public record Tls(Path certificate, Path key) {}

  /// The address to listen on.
  ///
  /// @throws IllegalArgumentException if the host cannot be resolved
  InetSocketAddress address() {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "`host` " + host + " cannot be resolved: give a name or an address of this machine", e);
    }
  }

  /// Checks the TLS files. Call it before opening a log, to fail early.
  ///
  /// @throws IllegalArgumentException if a file is unusable; the message names it, the reason and
  ///     the fix
  public void checkFiles() {
    tls.ifPresent(TlsFiles::read);
  }

  /// A builder with the defaults.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds settings. Not thread-safe.
  public static final class Builder {
    /// No client needs a stream for longer after its execution ended.
    private static final Duration LONGEST_GRACE = Duration.ofHours(1);

    /// Process supervisors kill a server that stops too slowly.
    private static final Duration LONGEST_SHUTDOWN_GRACE = Duration.ofMinutes(1);

    /// Keeps the frame of such an event, with its envelope, below 16 MiB.
    private static final int MOST_EVENT_BYTES = 15 * 1024 * 1024;

    /// Longer than any machine runs, and short enough to add to any clock's current time. Longer
    /// durations mean "forever".
    private static final Duration FOREVER = Duration.ofDays(36_500);

    private String host = DEFAULT_HOST;
    private int port = DEFAULT_PORT;
    private int maxEventBytes = DEFAULT_MAX_EVENT_BYTES;
    private int maxBodyBytes = DEFAULT_MAX_BODY_BYTES;
    private int maxBatchEvents = DEFAULT_MAX_BATCH_EVENTS;
    private int maxConnections = DEFAULT_MAX_CONNECTIONS;
    private int maxStreams = DEFAULT_MAX_STREAMS;
    private Duration keepAlive = DEFAULT_KEEP_ALIVE;
    private Optional<Duration> maxStreamDuration = Optional.empty();
    private Duration executionGrace = DEFAULT_EXECUTION_GRACE;
    private Duration shutdownGrace = DEFAULT_SHUTDOWN_GRACE;
    private Optional<Tls> tls = Optional.empty();
    private final List<String> corsOrigins = new ArrayList<>();
    private Optional<Temporal> temporal = Optional.empty();
    private Optional<Path> keys = Optional.empty();
    private boolean console = true;

    private Builder() {}

    public Builder host(String host) {
      this.host = host;
      return this;
    }

    public Builder port(int port) {
      this.port = port;
      return this;
    }

    public Builder maxEventBytes(int bytes) {
      this.maxEventBytes = bytes;
      return this;
    }

    public Builder maxBodyBytes(int bytes) {
      this.maxBodyBytes = bytes;
      return this;
    }

    public Builder maxBatchEvents(int events) {
      this.maxBatchEvents = events;
      return this;
    }

    public Builder maxConnections(int connections) {
      this.maxConnections = connections;
      return this;
    }

    public Builder maxStreams(int streams) {
      this.maxStreams = streams;
      return this;
    }

    public Builder keepAlive(Duration silence) {
      this.keepAlive = silence;
      return this;
    }

    public Builder maxStreamDuration(Optional<Duration> duration) {
      this.maxStreamDuration = duration;
      return this;
    }

    public Builder executionGrace(Duration silence) {
      this.executionGrace = silence;
      return this;
    }

    public Builder shutdownGrace(Duration grace) {
      this.shutdownGrace = grace;
      return this;
    }

    public Builder tls(Optional<Tls> tls) {
      this.tls = tls;
      return this;
    }

    public Builder corsOrigins(List<String> origins) {
      corsOrigins.addAll(origins);
      return this;
    }

    public Builder temporal(Optional<Temporal> server) {
      this.temporal = server;
      return this;
    }

    public Builder keys(Optional<Path> file) {
      this.keys = file;
      return this;
    }

    public Builder console(boolean served) {
      this.console = served;
      return this;
    }

    /// Checks and returns the settings.
    ///
    /// @throws IllegalArgumentException if a value is invalid; the message names the setting
    public ServerConfig build() {
      require(
          !withoutBrackets(host).isBlank(),
          "`host` must not be empty: give a name or an address of this machine");
      require(port >= 0 && port <= 65535, "`port` must be from 0 to 65535, not " + port);
      positive("`keepAlive`", keepAlive);
      corsOrigins.forEach(Origin::check);
      maxStreamDuration.ifPresent(duration -> positive("`maxStreamDuration`", duration));
      require(
          !executionGrace.isNegative() && executionGrace.compareTo(LONGEST_GRACE) <= 0,
          "`executionGrace` must be from 0 s to 1 h");
      require(
          !shutdownGrace.isNegative() && shutdownGrace.compareTo(LONGEST_SHUTDOWN_GRACE) <= 0,
          "`shutdownGrace` must be from 0 s to 1 min");
      require(
          maxEventBytes >= 1024 && maxEventBytes <= MOST_EVENT_BYTES,
          "`maxEventBytes` must be from 1 KiB to 15 MiB, not "
              + maxEventBytes
              + " bytes: some clients cannot read frames of larger events");
      require(
          maxBodyBytes >= maxEventBytes,
          "`maxBodyBytes` must not be below `maxEventBytes`: "
              + maxBodyBytes
              + " bytes are less than "
              + maxEventBytes);
      positive("`maxBatchEvents`", maxBatchEvents);
      positive("`maxConnections`", maxConnections);
      positive("`maxStreams`", maxStreams);
      ServerConfig config =
          new ServerConfig(
              withoutBrackets(host),
              port,
              maxEventBytes,
              maxBodyBytes,
              maxBatchEvents,
              maxConnections,
              maxStreams,
              atMostForever(keepAlive),
              maxStreamDuration.filter(duration -> duration.compareTo(FOREVER) < 0),
              executionGrace,
              shutdownGrace,
              tls,
              List.copyOf(corsOrigins),
              temporal,
              keys,
              console);
      require(
          keys.isPresent() || config.address().getAddress().isLoopbackAddress(),
          "Without `keys`, anyone who reaches `host` "
              + host
              + " could read and publish everything; make a key with 'galerne keys add' and give its"
              + " file as `keys`, or listen on 127.0.0.1");
      return config;
    }

    private static Duration atMostForever(Duration duration) {
      return duration.compareTo(FOREVER) < 0 ? duration : FOREVER;
    }

    /// Strips the brackets of an IPv6 address as in a URL.
    private static String withoutBrackets(String host) {
      return host.startsWith("[") && host.endsWith("]")
          ? host.substring(1, host.length() - 1)
          : host;
    }

    private static void positive(String setting, Duration value) {
      require(value.isPositive(), setting + " must be more than zero");
    }

    private static void positive(String setting, int value) {
      require(value >= 1, setting + " must be 1 or more, not " + value);
    }

    private static void require(boolean condition, String message) {
      if (!condition) {
        throw new IllegalArgumentException(message);
      }
    }
  }
}
