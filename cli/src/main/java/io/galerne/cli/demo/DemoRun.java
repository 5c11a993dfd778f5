package io.galerne.cli.demo;

import io.galerne.cli.ReaderWatch;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.Terminal;
import io.galerne.cli.demo.Stories.Story;
import io.galerne.cli.print.EventPrinter;
import io.galerne.client.EventStream;
import io.galerne.client.Mistral;
import io.galerne.client.Reconnection;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One run of the demo: a server on a temporary folder, workers that publish to it, and a reader
/// that prints the events of its stream.
public final class DemoRun {
  /// If it is slower, nothing seems to happen; if it is faster, no pauses are left.
  private static final double SLOWEST = 0.01;

  private static final double FASTEST = 1000;

  /// How long a published event may take to arrive on the stream.
  private static final Duration LONGEST_WAY = Duration.ofSeconds(10);

  /// An answer takes milliseconds; after this time, none will arrive.
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  /// How long a run and its server may take to stop.
  private static final Duration LONGEST_END = Duration.ofSeconds(30);

  /// The pause between two executions of a workflow with `--forever`.
  private static final Duration BETWEEN_ROUNDS = Duration.ofSeconds(3);

  private final PrintWriter out;
  private final Terminal terminal;
  private final Options options;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean agreed;

  /// The options of a run.
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

  /// Runs the demo to its end, then deletes its folder. Can be called once.
  ///
  /// @return whether every published event arrived, once and in order
  /// @throws io.galerne.client.MistralException if the server does not answer, or refuses an event
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

  /// Ends the run between two events. Called from another thread.
  ///
  /// @return the result of [#run()], after it has returned
  public boolean stop() throws InterruptedException {
    stop.countDown();
    return ended.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS) && agreed;
  }

  private boolean run(URI server) throws InterruptedException {
    List<Story> stories = Stories.all();
    Summary summary = new Summary(out, terminal);
    summary.opening(server, stories.size(), options.forever);
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
      play(stories, new PacedStage(mistral.events(), ledger, options.speed, stop));
      Ledger.Balance balance = ledger.settle(LONGEST_WAY);
      summary.closing(balance);
      return balance.agrees();
    }
  }

  private void follow(EventStream stream, EventPrinter printer, Ledger ledger) {
    try (ReaderWatch _ = StandardOutput.onReaderGone(out, stop::countDown)) {
      for (StreamEvent event : stream) {
        printer.print(event);
        if (out.checkError()) {
          stop.countDown(); // nothing reads the rest
        }
        ledger.seen(event);
      }
      ledger.brokenOff("the stream ended"); // or was closed, and the ledger is not needed any more
    } catch (RuntimeException e) {
      ledger.brokenOff("the stream broke off: " + e.getMessage());
    }
  }

  /// Plays all stories at the same time; returns when they have ended.
  private void play(List<Story> stories, Stage stage) throws InterruptedException {
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<? extends Future<?>> plays =
          stories.stream().map(story -> workers.submit(() -> play(story, stage))).toList();
      for (Future<?> play : plays) {
        play.get();
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException("a workflow could not be played", e);
    }
  }

  private void play(Story story, Stage stage) {
    try {
      stage.pause(story.firstStart());
      story.play(stage, 0);
      for (int round = 1; options.forever; round++) {
        stage.pause(BETWEEN_ROUNDS);
        story.play(stage, round);
      }
    } catch (Stage.StoppedException e) {
      // stopped: the execution is left unfinished
    } catch (RuntimeException e) {
      stop.countDown(); // the other stories are pointless now
      throw e;
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
