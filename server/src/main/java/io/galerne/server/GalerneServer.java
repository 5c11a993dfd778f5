package io.galerne.server;

import io.galerne.server.access.Gate;
import io.galerne.server.access.KeyGate;
import io.galerne.server.api.ApiParts;
import io.galerne.server.api.Endpoints;
import io.galerne.server.files.FileFailure;
import io.galerne.server.http.connection.HttpParts;
import io.galerne.server.http.connection.HttpServer;
import io.galerne.server.http.connection.Shutdown;
import io.galerne.server.ingest.Limits;
import io.galerne.server.live.Live;
import io.galerne.server.live.LiveConfig;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogRange;
import io.galerne.server.metrics.ServerMetrics;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running event server: [#start] starts it, [#close] drains and stops it. Thread-safe.
public final class GalerneServer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GalerneServer.class);

  /// The SSE `retry` hint: how long a reader waits before it reconnects.
  private static final Duration RETRY = Duration.ofSeconds(2);

  /// Threads that read the log for streams that are behind. Reading is CPU-bound, so more threads
  /// would not help.
  private static final int READERS = 2;

  /// Threads for lists and large bodies, separate from the readers so that neither waits for the
  /// other.
  private static final int WORKERS = 4;

  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(5);
  private static final long DRAIN_CHECK_MILLIS = 10;

  private final String host;
  private final boolean tls;
  private final Duration shutdownGrace;
  private final Deque<Runnable> closing;
  private final HttpServer http;
  private final Live live;
  private final AtomicBoolean closed = new AtomicBoolean();

  private GalerneServer(ServerConfig config, Deque<Runnable> closing, HttpServer http, Live live) {
    this.host = config.host();
    this.tls = config.tls().isPresent();
    this.closing = closing;
    this.shutdownGrace = config.shutdownGrace();
    this.http = http;
    this.live = live;
  }

  /// Starts a server on an open log. Takes ownership of the log: closes it in [#close], or if the
  /// start fails.
  ///
  /// @throws IllegalArgumentException if a setting is unusable; the message names it, the reason
  ///     and the fix
  /// @throws UncheckedIOException if it cannot listen on the address
  public static GalerneServer start(ServerConfig config, EventLog events) {
    Deque<Runnable> closing = new ArrayDeque<>(); // closed in reverse order of opening
    closing.push(events::close);
    try {
      return start(config, events, closing);
    } catch (RuntimeException | Error e) {
      closing.forEach(Runnable::run);
      throw e;
    }
  }

  private static GalerneServer start(
      ServerConfig config, EventLog events, Deque<Runnable> closing) {
    InetSocketAddress address = config.address();
    Optional<SslContext> tls = config.tls().map(TlsFiles::read);
    Gate gate = config.keys().<Gate>map(KeyGate::new).orElseGet(Gate::open);
    closing.push(gate::close);

    ServerMetrics metrics = new ServerMetrics(events);
    closing.push(metrics::close);
    events.follow(metrics::committed);
    ExecutorService readers = pool("galerne-read-", READERS, closing);
    ExecutorService workers = pool("galerne-work-", WORKERS, closing);

    EventLoopGroup acceptor = loops("galerne-accept-", 1, closing);
    EventLoopGroup loops =
        loops("galerne-loop-", Runtime.getRuntime().availableProcessors(), closing);
    List<EventLoop> each = new ArrayList<>();
    loops.forEach(loop -> each.add((EventLoop) loop));
    LiveConfig streams =
        new LiveConfig(
            config.keepAlive(),
            config.maxStreamDuration(),
            config.executionGrace(),
            RETRY,
            config.maxStreams());
    Live live = new Live(events, each, readers, streams, metrics, gate);
    closing.addLast(live::close); // after the log and the loops, which use it

    Shutdown shutdown = new Shutdown(config.shutdownGrace());
    ApiParts api =
        new ApiParts(
            events,
            live,
            metrics,
            new Limits(config.maxEventBytes(), config.maxBodyBytes(), config.maxBatchEvents()),
            config.temporal(),
            workers,
            config.console(),
            () -> health(shutdown, events));
    HttpParts parts =
        new HttpParts(
            Endpoints.of(api),
            gate,
            live,
            metrics,
            config.maxBodyBytes(),
            config.corsOrigins(),
            config.maxConnections(),
            shutdown,
            tls);
    try {
      HttpServer http = HttpServer.listen(parts, acceptor, loops, transport(), address);
      logRange(events);
      return new GalerneServer(config, closing, http, live);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Cannot listen on " + config.host() + ":" + config.port() + ": " + whyNot(e), e);
    }
  }

  private static Health health(Shutdown shutdown, EventLog events) {
    return shutdown.hasBegun() ? new Health(false, "The server is stopping") : events.health();
  }

  private static void logRange(EventLog events) {
    LogRange range = events.range();
    if (range.head() < range.oldest()) {
      log.info("Log {} holds no events; the next sequence is {}", events.id(), range.oldest());
    } else {
      log.info("Log {} holds the sequences {} to {}", events.id(), range.oldest(), range.head());
    }
  }

  /// The reason without the system call that Netty prefixes, and the fix.
  private static String whyNot(IOException e) {
    String why =
        FileFailure.reason(e).replaceAll("\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    return why.contains("assign requested address")
        ? "this machine does not have that address; choose another with the setting `host`"
        : why + "; choose another with the setting `port`";
  }

  /// Connections bound these pools' queues: each has at most one request or read in progress. Work
  /// of disconnected clients still runs in its turn.
  private static ExecutorService pool(String name, int threads, Deque<Runnable> closing) {
    ExecutorService pool =
        Executors.newFixedThreadPool(threads, Thread.ofPlatform().name(name, 0).daemon().factory());
    closing.push(pool::shutdownNow);
    return pool;
  }

  private static EventLoopGroup loops(String name, int threads, Deque<Runnable> closing) {
    IoHandlerFactory io =
        Epoll.isAvailable() ? KeptEpollHandler.newFactory() : NioIoHandler.newFactory();
    EventLoopGroup loops =
        new MultiThreadIoEventLoopGroup(
            threads, Thread.ofPlatform().name(name, 0).daemon().factory(), io);
    closing.push(
        () -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2_000));
    return loops;
  }

  private static Class<? extends ServerChannel> transport() {
    return Epoll.isAvailable() ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
  }

  /// The address it listens on, such as `http://127.0.0.1:8080`.
  public URI uri() {
    String scheme = tls ? "https" : "http";
    String authority = host.contains(":") ? "[" + host + "]" : host;
    return URI.create(
        scheme + "://" + authority.replace("%", "%25") + ":" + http.address().getPort());
  }

  /// Stops accepting connections, answers requests that are in progress or arrive within the
  /// shutdown grace, ends streams between frames and closes the log. Takes at most ten seconds
  /// after the grace. Idempotent.
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    log.info("Stopping: {} connections, {} streams", http.connections(), live.streams());
    http.drain();
    live.endAll();
    long deadline = System.nanoTime() + shutdownGrace.toNanos() + DRAIN_NANOS;
    try {
      while (http.connections() > 0 && System.nanoTime() < deadline) {
        Thread.sleep(DRAIN_CHECK_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    http.closeAll();
    closing.forEach(Runnable::run);
    log.info("Stopped");
  }
}
