package io.galerne.bench.server;

import io.galerne.bench.load.EventRequests;
import io.galerne.bench.load.EventText;
import io.galerne.bench.load.Publishers;
import io.galerne.bench.load.Template;
import io.netty.channel.EventLoop;
import java.io.File;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// `durable-streams-server`: the peer with our guarantee, with its default durability. It answers
/// when a group commit has synced the event. One stream per execution; it forwards its input
/// unchanged, several events in a frame if several have arrived.
///
/// It ends every SSE stream after a minute, so readers of a measurement must be younger.
public final class DurableStreams implements StoringServer {
  private static final String COMMAND = "durable-streams-server";
  private static final String READY = COMMAND + " listening on ";
  private static final int CREATING_AT_ONCE = 64;
  private static final Duration CREATED_WITHIN = Duration.ofMinutes(2);

  private final ServerProcess process;
  private final int port;

  private DurableStreams(ServerProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /// Starts it and creates the streams of executions 0 to `executions - 1`.
  ///
  /// @param folder the folder for its files
  /// @throws IllegalStateException if it is not installed; the message says how to install it
  public static DurableStreams start(Path folder, EventLoop loop, int executions) {
    int port = ServerProcess.freePort();
    List<String> command =
        List.of(executable(), "--port", Integer.toString(port), "--data-dir", folder.toString());
    DurableStreams server =
        new DurableStreams(
            ServerProcess.start(command, Map.of(), line -> line.startsWith(READY)), port);
    try {
      server.create(loop, executions);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw e;
    }
  }

  private static String executable() {
    Stream<Path> onPath =
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of);
    Path ofCargo = Path.of(System.getProperty("user.home"), ".cargo", "bin");
    return Stream.concat(onPath, Stream.of(ofCargo))
        .map(folder -> folder.resolve(COMMAND))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                COMMAND
                    + " is neither on the PATH nor in ~/.cargo/bin:"
                    + " cargo install --locked --version 0.1.5 durable-streams"))
        .toString();
  }

  private void create(EventLoop loop, int executions) {
    EventRequests requests = new EventRequests(Template.put(host(), path()), executions);
    try (Publishers creators = Publishers.connect(loop, address(), CREATING_AT_ONCE, requests)) {
      var _ = creators.requests(executions, CREATED_WITHIN);
    }
  }

  @Override
  public String name() {
    return "Durable Streams";
  }

  @Override
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  @Override
  public Template publish() {
    return Template.post(host(), path(), EventText.DELIVERED);
  }

  /// A batch belongs to the execution of its first event, as a request is for one stream.
  @Override
  public Template store(int events) {
    return events == 1
        ? Template.post(host(), path(), EventText.EVENT)
        : Template.postBatch(host(), path(), "[", EventText.EVENT, events, "]");
  }

  @Override
  public String stream(int execution) {
    return "/" + EventText.executionId(execution) + "?offset=now&live=sse";
  }

  /// Path and query of the stored events of one execution, as one JSON array.
  public String replay(int execution) {
    return "/" + EventText.executionId(execution) + "?offset=-1";
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
    return "127.0.0.1:" + port;
  }

  private static String path() {
    return "/" + EventText.EXECUTION_ID;
  }
}
