package io.galerne.server;

import io.galerne.server.access.Gate;
import io.galerne.server.api.ApiParts;
import io.galerne.server.api.Endpoints;
import io.galerne.server.http.connection.HttpParts;
import io.galerne.server.http.connection.HttpServer;
import io.galerne.server.http.connection.Shutdown;
import io.galerne.server.ingest.Limits;
import io.galerne.server.live.Live;
import io.galerne.server.live.LiveConfig;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import io.galerne.server.metrics.ServerMetrics;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A server in this process on a free port, with a client for it. Thread-safe.
public final class RunningServer implements AutoCloseable {
  public static final String SINGLE = "/v1/workflows/events";
  public static final String BATCH = "/v1/workflows/events/batch";
  public static final String STREAM_EVENT = "/v1/workflows/executions/stream";
  public static final String STREAM = "/v1/workflows/events/stream";
  public static final String LIST = "/v1/workflows/events/list";

  /// The versions of HTTP that the server speaks.
  public enum HttpVersion {
    HTTP_1_1,
    HTTP_2
  }

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private final URI uri;
  private final Runnable stop;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /// Guarded by this.
  private Optional<Http2Client> http2 = Optional.empty();

  private RunningServer(URI uri, Runnable stop) {
    this.uri = uri;
    this.stop = stop;
  }

  /// Settings for a server on a free port that closes idle connections at once when it stops.
  public static ServerConfig.Builder config() {
    return ServerConfig.builder().port(0).shutdownGrace(Duration.ZERO);
  }

  /// Starts a server on the log in a folder.
  public static RunningServer start(Path data) {
    return start(data, config());
  }

  /// As [#start(Path)], with other settings.
  public static RunningServer start(Path data, ServerConfig.Builder config) {
    return start(config, log(data));
  }

  /// Opens the log in a folder.
  public static EventLog log(Path data) {
    return EmbeddedEventLog.open(StoreConfig.builder(data).build());
  }

  /// Starts a server on an open log, which the server closes.
  public static RunningServer start(ServerConfig.Builder config, EventLog log) {
    GalerneServer server = GalerneServer.start(config.build(), log);
    return new RunningServer(server.uri(), server::close);
  }

  /// Serves a log that the test opens and closes.
  public static RunningServer over(EventLog log) {
    return over(log, new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory()));
  }

  /// Serves a log that the test opens and closes, on event loops that the test can block.
  public static RunningServer over(EventLog log, EventLoopGroup loops) {
    Deque<Runnable> closing = new ArrayDeque<>();
    ServerMetrics metrics = new ServerMetrics(log);
    ExecutorService readers = Executors.newFixedThreadPool(2);
    ExecutorService workers = Executors.newFixedThreadPool(2);
    List<EventLoop> each = new ArrayList<>();
    loops.forEach(loop -> each.add((EventLoop) loop));
    LiveConfig streams =
        new LiveConfig(
            Duration.ofSeconds(15),
            Optional.empty(),
            Duration.ofSeconds(2),
            Duration.ofSeconds(2),
            100);
    Live live = new Live(log, each, readers, streams, metrics, Gate.open());
    Limits limits = new Limits(1 << 20, 8 << 20, 10_000);
    ApiParts api =
        new ApiParts(log, live, metrics, limits, Optional.empty(), workers, true, log::health);
    HttpParts parts =
        new HttpParts(
            Endpoints.of(api),
            Gate.open(),
            live,
            metrics,
            limits.bodyBytes(),
            List.of(),
            100,
            new Shutdown(Duration.ZERO),
            Optional.empty());
    try {
      InetSocketAddress free = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      HttpServer http = HttpServer.listen(parts, loops, loops, NioServerSocketChannel.class, free);
      closing.add(http::closeAll);
      closing.add(() -> loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly());
      closing.add(live::close);
      closing.add(readers::close);
      closing.add(workers::close);
      URI uri = URI.create("http://127.0.0.1:" + http.address().getPort());
      return new RunningServer(uri, () -> closing.forEach(Runnable::run));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI uri() {
    return uri;
  }

  public HttpResponse<String> get(String target, String... headers) {
    return send("GET", target, BodyPublishers.noBody(), headers);
  }

  public HttpResponse<String> post(String target, String body, String... headers) {
    return send("POST", target, BodyPublishers.ofString(body), headers);
  }

  /// Sends a request with that method, body and headers: alternating names and values.
  public HttpResponse<String> send(
      String method, String target, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(uri + target)).timeout(PATIENCE).method(method, body);
    if (headers.length > 0) {
      request.headers(headers);
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(method + " " + target + " failed", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("Interrupted", e);
    }
  }

  /// Publishes events in one batch.
  public void publish(List<String> events, String... headers) {
    HttpResponse<String> answer = post(BATCH, SampleEvents.batch(events), headers);
    if (answer.statusCode() != 200) {
      throw new AssertionError("Publishing failed: " + answer.statusCode() + " " + answer.body());
    }
  }

  public void publish(String... events) {
    publish(List.of(events));
  }

  /// Opens a stream: encoded path and query.
  public StreamReader.Request stream(String target) {
    return StreamReader.of(uri, target);
  }

  /// Opens a stream: on a connection of its own, or on one of HTTP/2 that all such streams share.
  public StreamReader.Request stream(HttpVersion version, String target) {
    return switch (version) {
      case HTTP_1_1 -> stream(target);
      case HTTP_2 -> stream(target).over(http2());
    };
  }

  /// The shared HTTP/2 connection.
  public synchronized Http2Client http2() {
    if (http2.isEmpty()) {
      http2 = Optional.of(Http2Client.to(uri).withRoomFor(1 << 30));
    }
    return http2.get();
  }

  public RawConnection connect() {
    return RawConnection.to(uri);
  }

  /// The value of a metric; 0 if there is none of that name.
  public double metric(String name) {
    Matcher line =
        Pattern.compile("(?m)^" + Pattern.quote(name) + " (\\S+)$").matcher(get("/metrics").body());
    return line.find() ? Double.parseDouble(line.group(1)) : 0;
  }

  /// Shuts the server down cleanly, as an operator would.
  public void stop() {
    stop.run();
  }

  @Override
  public void close() {
    client.shutdownNow();
    stop.run();
    synchronized (this) {
      http2.ifPresent(Http2Client::close);
    }
    client.close();
  }
}
