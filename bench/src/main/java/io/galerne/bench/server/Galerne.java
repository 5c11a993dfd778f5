package io.galerne.bench.server;

import io.galerne.bench.load.EventText;
import io.galerne.bench.load.Template;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/// Our server as users start it: launcher script, default settings, an empty folder.
public final class Galerne implements StoringServer {
  private static final String READY = "galerne is listening on ";
  private static final Duration POLL = Duration.ofMillis(10);
  private static final String EVENTS = "/v1/workflows/events";

  private final ServerProcess process;
  private final InetSocketAddress address;

  private Galerne(ServerProcess process) {
    this.process = process;
    URI uri = URI.create(process.readyLine().substring(READY.length()).strip());
    this.address = new InetSocketAddress(uri.getHost(), uri.getPort());
  }

  /// Starts it and waits until it listens.
  ///
  /// @param launcher the `galerne` script
  /// @param data folder for its log
  public static Galerne start(Path launcher, Path data) {
    return start(launcher, data, List.of());
  }

  /// Starts a node of a log on NATS, and waits until it listens.
  ///
  /// @param launcher the `galerne` script
  /// @param data folder for its view of the log
  public static Galerne start(Path launcher, Path data, JetStreamServer nats) {
    return start(launcher, data, List.of("--log", nats.url()));
  }

  private static Galerne start(Path launcher, Path data, List<String> more) {
    List<String> command = new ArrayList<>();
    command.addAll(List.of(launcher.toString(), "serve", "--port", "0", "--data", data.toString()));
    command.addAll(more);
    return new Galerne(ServerProcess.start(command, Map.of(), line -> line.startsWith(READY)));
  }

  /// Waits until it reports that it is ready: a node listens before it has caught up with the log.
  ///
  /// @throws IllegalStateException if it takes longer than `limit`
  public void awaitReady(Duration limit) {
    long end = System.nanoTime() + limit.toNanos();
    while (!ready()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException(name() + " is not ready after " + limit);
      }
      LockSupport.parkNanos(POLL.toNanos());
    }
  }

  private boolean ready() {
    try {
      HttpURLConnection connection =
          (HttpURLConnection) URI.create(url() + "/health/ready").toURL().openConnection();
      int status = connection.getResponseCode();
      connection.disconnect();
      return status == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask whether the server is ready", e);
    }
  }

  @Override
  public String name() {
    return "galerne";
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public Template publish() {
    return Template.post(host(), EVENTS, "{\"event\":" + EventText.EVENT + "}");
  }

  @Override
  public Template store(int events) {
    return events == 1 ? publish() : batch(EventText.EVENT, events);
  }

  /// Returns the same batch with an `event_timestamp` that the official TypeScript client accepts:
  /// it refuses real ones.
  public Template publishBatchOfSmallTimestamps(int events) {
    return batch(
        EventText.EVENT.replace(
            "\"event_timestamp\":" + Template.TIME, "\"event_timestamp\":1774864800037000"),
        events);
  }

  private Template batch(String event, int events) {
    return Template.postBatch(host(), EVENTS + "/batch", "{\"events\":[", event, events, "]}");
  }

  /// Returns its URL, without a path.
  public String url() {
    return "http://" + host();
  }

  @Override
  public String stream(int execution) {
    return path(execution) + "?event_source=LIVE";
  }

  /// Returns path and query of the stored events of one execution.
  public String replay(int execution) {
    return path(execution) + "?event_source=DATABASE";
  }

  private static String path(int execution) {
    return "/v1/workflows/executions/%s/stream".formatted(EventText.executionId(execution));
  }

  /// Returns path and query of all events, stored and new.
  public String everything() {
    return EVENTS + "/stream";
  }

  @Override
  public ServerProcess process() {
    return process;
  }

  @Override
  public void close() {
    process.close();
  }

  private String host() {
    return address.getHostString() + ":" + address.getPort();
  }
}
