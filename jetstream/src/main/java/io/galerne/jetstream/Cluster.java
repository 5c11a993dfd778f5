package io.galerne.jetstream;

import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogUnreachableException;
import io.nats.client.AuthenticationException;
import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.Consumer;
import io.nats.client.ErrorListener;
import io.nats.client.JetStream;
import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.JetStreamOptions;
import io.nats.client.Message;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The connection to a NATS cluster. It reconnects on its own after a break; requests fail
/// meanwhile. Safe for use by several threads.
final class Cluster implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  /// How long connecting to one server may take.
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /// How long an answer may take: electing a leader takes seconds, and callers retry.
  static final Duration ANSWER = Duration.ofSeconds(2);

  /// How often a silent server is pinged. A second unanswered ping ends the connection, so a dead
  /// connection is detected after four seconds.
  private static final Duration PING = Duration.ofSeconds(2);

  private static final int MOST_PINGS_OUT = 1;

  private static final Duration RECONNECT_WAIT = Duration.ofMillis(200);

  /// The most messages that wait to be written to the socket: one commit in small messages, and
  /// more.
  private static final int MOST_OUTGOING = 16 * 1024;

  private static final int NO_STREAM = 10_059;

  /// A request to the cluster.
  @FunctionalInterface
  interface Request<T extends @Nullable Object> {
    T send() throws IOException, JetStreamApiException;
  }

  private final NatsAccess access;
  private final Options options;
  private final Connections connections;

  private volatile Link link;

  /// Why the cluster refuses our user; empty if it does not.
  private volatile String refusal = "";

  private volatile boolean closed;

  /// A connection and its JetStream APIs.
  private record Link(Connection connection, JetStream messages, JetStreamManagement streams) {
    private static Link open(Options options) throws IOException, InterruptedException {
      Connection connection = Nats.connect(options);
      JetStreamOptions answers = JetStreamOptions.builder().requestTimeout(ANSWER).build();
      return new Link(
          connection, connection.jetStream(answers), connection.jetStreamManagement(answers));
    }

    private boolean is(Connection.Status status) {
      return connection.getStatus() == status;
    }
  }

  private Cluster(NatsAccess access, Options options, Connections connections)
      throws IOException, InterruptedException {
    this.access = access;
    this.options = options;
    this.connections = connections;
    this.link = Link.open(options);
  }

  /// Connects to one of the servers.
  ///
  /// @throws IllegalArgumentException if a URL or a file for it cannot be used
  /// @throws LogOpenException if no server can be reached, or none accepts our user
  static Cluster connect(NatsAccess access) {
    Connections connections = new Connections();
    AtomicReference<String> advice =
        new AtomicReference<>("are the servers running, and do they know this user?");
    Options options = options(access, connections, advice);
    try {
      return open(access, options, connections);
    } catch (IOException | RuntimeException e) {
      String reason = String.valueOf(e.getMessage());
      String clean = access.withoutSecrets(reason);
      String message =
          "Cannot connect to NATS at " + access.addresses() + ": " + clean + "; " + advice.get();
      // printing the cause would print the secrets in it
      throw clean.equals(reason) ? new LogOpenException(message, e) : new LogOpenException(message);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LogOpenException("Interrupted while connecting to NATS", e);
    }
  }

  private static Cluster open(NatsAccess access, Options options, Connections connections)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    try {
      return new Cluster(access, options, connections);
    } catch (AuthenticationException e) {
      throw e;
    } catch (IOException e) {
      if (System.nanoTime() - began < CONNECT.toNanos()) {
        throw e;
      }
      // Slow rather than refused: a process's first handshake may take that long on a busy machine.
      return new Cluster(access, options, connections);
    }
  }

  private static Options options(
      NatsAccess access, Connections connections, AtomicReference<String> advice) {
    Options.Builder options =
        new Options.Builder()
            .connectionName("galerne")
            .connectionTimeout(CONNECT)
            .maxReconnects(-1)
            .reconnectWait(RECONNECT_WAIT)
            .reconnectBufferSize(0) // unsent messages are not sent later
            .pingInterval(PING)
            .maxPingsOut(MOST_PINGS_OUT)
            .maxMessagesInOutgoingQueue(MOST_OUTGOING)
            .connectionListener(connections)
            .errorListener(connections);
    access.applyTo(options, advice::set);
    return options.build();
  }

  /// Sends a request and waits for its answer.
  ///
  /// @throws LogUnreachableException if no answer arrives, or the cluster is not available
  <T extends @Nullable Object> T ask(Request<T> request) {
    try {
      return request.send();
    } catch (IOException | JetStreamApiException | IllegalStateException e) {
      throw unreachable(e);
    }
  }

  /// Returns the last error of a server; empty if there was none since we connected.
  String complaint() {
    return connections.lastError.get();
  }

  /// Waits for the answer to a request.
  ///
  /// @throws IOException if no answer arrives
  static Message answer(CompletableFuture<Message> asked) throws IOException {
    try {
      return asked.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | CancellationException | TimeoutException e) {
      asked.cancel(true);
      throw new IOException("no answer arrived", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is stopping", e);
    }
  }

  LogUnreachableException unreachable(Exception cause) {
    return new LogUnreachableException(
        "The NATS cluster at " + access.addresses() + " cannot be reached: " + reason(cause),
        cause);
  }

  private String reason(Exception cause) {
    if (cause instanceof JetStreamApiException api && api.getApiErrorCode() == NO_STREAM) {
      return "the stream does not exist any more; restore it from a backup, and start one node with the"
          + " setting `afterRestore`";
    }
    if (link.is(Connection.Status.CONNECTED)) {
      return access.withoutSecrets(String.valueOf(cause.getMessage()));
    }
    // without a connection, the client's message is about its buffers
    String refused = refusal;
    return refused.isEmpty() ? "the connection is lost; reconnecting" : refused;
  }

  Connection connection() {
    return link.connection();
  }

  JetStream messages() {
    return link.messages();
  }

  JetStreamManagement streams() {
    return link.streams();
  }

  /// Returns how often the connection was lost. Answers to earlier requests do not arrive after
  /// that.
  int losses() {
    return connections.losses.get();
  }

  /// Reconnects if the client has given up, as it does when a server refuses our user, which may be
  /// accepted again a moment later. Does nothing otherwise. Used by one thread.
  void openAgain() {
    if (closed || !link.is(Connection.Status.CLOSED)) {
      return;
    }
    try {
      link = Link.open(options);
      refusal = "";
      if (closed) {
        close(); // closed meanwhile, without knowing this connection
      }
    } catch (AuthenticationException e) {
      refusal = access.withoutSecrets(String.valueOf(e.getMessage())) + "; retrying";
    } catch (IOException e) {
      refusal = "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Connects to another server, because the current one may be cut off from its cluster. Does
  /// nothing if there is no connection, or no other server is known.
  ///
  /// @param reason why, for the log
  void tryAnother(String reason) {
    Connection connection = connection();
    if (!link.is(Connection.Status.CONNECTED) || connection.getServers().size() < 2) {
      return;
    }
    String url = NatsAccess.withoutUser(String.valueOf(connection.getConnectedUrl()));
    log.info("Trying another NATS server than the one at {}: {}", url, reason);
    try {
      connection.forceReconnect();
    } catch (IOException e) {
      log.debug("No other server now: {}", access.withoutSecrets(String.valueOf(e.getMessage())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Returns whether the server that we are connected to has at least that version.
  boolean isAtLeast(String version) {
    return connection().getServerInfo().isSameOrNewerThanVersion(version);
  }

  /// Returns whether the server that we are connected to is part of a cluster.
  boolean isSeveralServers() {
    return connection().getServerInfo().getCluster() != null;
  }

  /// Returns the version of the server that we are connected to.
  String version() {
    return connection().getServerInfo().getVersion();
  }

  String addresses() {
    return access.addresses();
  }

  @Override
  public void close() {
    closed = true;
    try {
      connection().close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Logs a lost connection once, however often reconnecting fails, and its return once; and each
  /// error once meanwhile.
  private static final class Connections implements ConnectionListener, ErrorListener {
    private final AtomicBoolean connected = new AtomicBoolean();
    private final AtomicInteger losses = new AtomicInteger();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicReference<String> lastError = new AtomicReference<>("");

    @Override
    @SuppressWarnings(
        "deprecation") // the newer method of that name calls this one, which has no default
    public void connectionEvent(Connection connection, Events event) {
      switch (event) {
        case DISCONNECTED -> {
          losses.incrementAndGet();
          if (connected.compareAndSet(true, false)) {
            lost.set(true);
            log.warn("Lost the connection to NATS; reconnecting");
          }
        }
        case CONNECTED, RECONNECTED -> {
          connected.set(true);
          lastError.set("");
          if (lost.getAndSet(false)) {
            String url = String.valueOf(connection.getConnectedUrl());
            log.info("Connected to NATS at {} again", NatsAccess.withoutUser(url));
          }
        }
        default -> log.debug("NATS: {}", event);
      }
    }

    @Override
    public void errorOccurred(Connection connection, String error) {
      if (!lastError.getAndSet(error).equals(error)) {
        log.warn("NATS: {}", error);
      }
    }

    @Override
    public void exceptionOccurred(Connection connection, Exception error) {
      log.debug("NATS: {}", error.toString());
    }

    @Override
    public void slowConsumerDetected(Connection connection, Consumer consumer) {
      log.debug("NATS: messages wait longer than they should");
    }
  }
}
