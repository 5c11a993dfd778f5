package io.galerne.bench.server;

import io.galerne.bench.load.EventText;
import io.galerne.bench.load.Template;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Our server, as its users start it: the launcher script, default settings, an empty folder.
public final class Galerne implements EventServer {
  private static final String READY = "galerne is listening on ";
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
    return start(launcher, "--data", data.toString());
  }

  /// Starts a node of a log on NATS, and waits until it listens.
  ///
  /// @param launcher the `galerne` script
  public static Galerne start(Path launcher, JetStreamServer nats) {
    return start(launcher, "--log", nats.url());
  }

  private static Galerne start(Path launcher, String option, String value) {
    List<String> command = List.of(launcher.toString(), "serve", "--port", "0", option, value);
    return new Galerne(ServerProcess.start(command, Map.of(), line -> line.startsWith(READY)));
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

  /// Request that publishes several events.
  public Template publishBatch(int events) {
    return batch(EventText.EVENT, events);
  }

  /// The same with an `event_timestamp` that the official TypeScript client reads: it refuses real
  /// ones.
  public Template publishBatchOfSmallTimestamps(int events) {
    return batch(
        EventText.EVENT.replace(
            "\"event_timestamp\":" + Template.TIME, "\"event_timestamp\":1774864800037000"),
        events);
  }

  private Template batch(String event, int events) {
    return Template.postBatch(host(), EVENTS + "/batch", "{\"events\":[", event, events, "]}");
  }

  /// Where it is, without a path.
  public String url() {
    return "http://" + host();
  }

  @Override
  public String stream(int execution) {
    return "/v1/workflows/executions/%s/stream".formatted(EventText.executionId(execution));
  }

  /// Path and query of the stored events of one execution.
  public String replay(int execution) {
    return stream(execution) + "?event_source=DATABASE";
  }

  /// Path and query of all events, stored and to come.
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
