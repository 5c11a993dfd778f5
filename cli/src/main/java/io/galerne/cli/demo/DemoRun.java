package io.galerne.cli.demo;

import io.galerne.cli.ReaderWatch;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.Terminal;
import io.galerne.cli.print.EventPrinter;
import io.galerne.client.Events;
import io.galerne.client.Mistral;
import io.galerne.client.Reconnection;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import io.galerne.server.GalerneServer;
import io.galerne.server.ServerConfig;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One run of the demo: starts a server on a temporary folder, publishes the script to it in time,
/// and prints the events that its stream brings.
public final class DemoRun {
  /// Slower, nothing seems to happen; faster, there is nothing left to wait for.
  private static final double SLOWEST = 0.01;

  private static final double FASTEST = 1000;

  /// How long published events may take to arrive.
  private static final Duration LONGEST_WAY = Duration.ofSeconds(10);

  /// An answer takes milliseconds; after this long, there will be none.
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  /// How long a stopped run may take to end, with its server.
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  /// The pause between two rounds of the script.
  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(3);

  private final PrintWriter out;
  private final Terminal terminal;
  private final Options options;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean agreed;

  /// How the demo is run.
  ///
  /// @param forever whether to continue with new executions until it is stopped
  /// @param speed how many times faster than real time; from 0.01 to 1000
  /// @param port of the server; 0 picks a free one
  public record Options(boolean forever, double speed, int port) {
    /// @throws IllegalArgumentException if the speed is not in that range
    public Options {
      if (!(speed >= SLOWEST && speed <= FASTEST)) {
        throw new IllegalArgumentException("--speed must be from 0.01 to 1000");
      }
    }
  }

  public DemoRun(PrintWriter out, Terminal terminal, Options options) {
    this.out = out;
    this.terminal = terminal;
    this.options = options;
  }

  /// Runs the demo to its end, and leaves nothing behind. Once only.
  ///
  /// @return whether every published event arrived, once and in order
  /// @throws io.galerne.client.error.MistralException if the server does not answer, or refuses an
  ///     event
  public boolean run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("galerne-demo-");
    try {
      ServerConfig config = ServerConfig.builder().port(options.port).build();
      EventLog log = EmbeddedEventLog.open(StoreConfig.builder(folder).build());
      try (GalerneServer server = GalerneServer.start(config, log)) {
        agreed = run(server.uri());
      }
    } finally {
      delete(folder);
      ended.countDown();
    }
    return agreed;
  }

  /// Ends a run between two events. From another thread.
  ///
  /// @return what [#run()] returns, once it does
  public boolean stop() throws InterruptedException {
    stop.countDown();
    return ended.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS) && agreed;
  }

  private boolean run(URI server) throws IOException, InterruptedException {
    List<ScriptedEvent> script = ScriptedEvent.readAll();
    printOpening(server, script.stream().map(ScriptedEvent::rootWorkflowExecId).distinct().count());
    Ledger ledger = new Ledger();
    EventPrinter printer = new EventPrinter(out, terminal, ZoneId.systemDefault(), false);
    try (Mistral mistral =
            Mistral.builder().serverUrl(server.toString()).requestTimeout(LONGEST_ANSWER).build();
        EventStream stream =
            mistral
                .events()
                .getStreamEvents(
                    all -> all.options(options -> options.reconnection(Reconnection.off())))) {
      Thread.ofPlatform()
          .name("galerne-demo-follower")
          .daemon()
          .start(() -> follow(stream, printer, ledger));
      play(script, mistral.events(), ledger);
      boolean allArrived = ledger.settle(LONGEST_WAY).isEmpty();
      ledger.print(out, terminal);
      return allArrived;
    }
  }

  private void printOpening(URI server, long workflows) {
    out.println(
        "A server runs at %s, %d workflows publish to it%s, and this is what its stream says:"
            .formatted(server, workflows, options.forever ? " until Ctrl-C" : ""));
    out.println("Open " + server + "/ in a browser to watch the runs.");
    out.println();
    out.flush();
  }

  private void follow(EventStream stream, EventPrinter printer, Ledger ledger) {
    try (ReaderWatch _ = StandardOutput.onReaderGone(out, stop::countDown)) {
      for (StreamEvent event : stream) {
        printer.print(event);
        if (out.checkError()) {
          stop.countDown(); // nobody reads the rest
        }
        ledger.seen(event);
      }
      ledger.brokenOff("the stream ended"); // or is closed, after the comparison
    } catch (RuntimeException e) {
      ledger.brokenOff("the stream broke off: " + e.getMessage());
    }
  }

  /// Publishes the script, over and over if it is to run forever; ends early, between two events, if
  /// the demo is stopped.
  private void play(List<ScriptedEvent> script, Events events, Ledger ledger)
      throws InterruptedException {
    do {
      String round = UUID.randomUUID().toString().substring(0, 6);
      long start = System.nanoTime();
      for (ScriptedEvent scripted : script) {
        if (isStoppedBefore(scripted.at(), start)) {
          return;
        }
        Event event = scripted.event(round);
        ledger.publishing(event);
        events.sendEvent(event);
      }
    } while (options.forever && !isStoppedBefore(BETWEEN_ROUNDS, System.nanoTime()));
  }

  /// Waits until a time after the start, at the demo's speed.
  private boolean isStoppedBefore(Duration time, long startNanos) throws InterruptedException {
    long due = startNanos + (long) (time.toNanos() / options.speed);
    return stop.await(due - System.nanoTime(), TimeUnit.NANOSECONDS);
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
