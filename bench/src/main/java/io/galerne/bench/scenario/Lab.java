package io.galerne.bench.scenario;

import io.galerne.bench.server.DurableStreams;
import io.galerne.bench.server.Galerne;
import io.galerne.bench.server.JetStreamServer;
import io.galerne.bench.server.Nchan;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The environment of scenarios: starts servers, and holds the event loops of the load and the size
/// and duration of a run. Close it to free the loops and the folder.
public final class Lab implements AutoCloseable {
  /// One event loop for all readers and one for all publishers: more would take the cores from the
  /// server.
  private static final int LOOPS = 2;

  /// nginx is measured with one worker per core, as in production.
  private static final int NCHAN_WORKERS = Runtime.getRuntime().availableProcessors();

  private static final Duration QUICK_DURATION = Duration.ofSeconds(2);

  private final Path launcher;
  private final Path folder;
  private final boolean quick;
  private final List<Integer> logSizes;
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          LOOPS, new DefaultThreadFactory("load", true), EpollIoHandler.newFactory());
  private final EventLoop readersLoop = loops.next();
  private final EventLoop publishersLoop = loops.next();

  /// Creates a folder for the servers.
  ///
  /// @param launcher the `galerne` script
  /// @param parent the parent of the folder for the servers' files; on a real disk
  /// @param quick whether to make a smoke run: seconds and thousands instead of minutes and
  ///     millions
  /// @param logSizes the numbers of events at which a growing log is measured, ascending
  public Lab(Path launcher, Path parent, boolean quick, List<Integer> logSizes) {
    this.launcher = launcher;
    this.quick = quick;
    this.logSizes = logSizes;
    try {
      this.folder = Files.createTempDirectory(parent, "galerne-bench-");
      // Workers of nginx run as another user if the harness runs as root.
      var _ = folder.toFile().setExecutable(true, false);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in " + parent, e);
    }
  }

  Galerne startGalerne() {
    return Galerne.start(launcher, newFolder("galerne"));
  }

  /// Starts our server on a folder that may have a log already.
  Galerne startGalerne(Path data) {
    return Galerne.start(launcher, data);
  }

  /// Starts a node on an empty folder.
  Galerne startNode(JetStreamServer nats) {
    return startNode(nats, newFolder("node"));
  }

  /// Starts a node on a folder that may have its view of the log already.
  Galerne startNode(JetStreamServer nats, Path data) {
    return Galerne.start(launcher, data, nats);
  }

  /// Starts the peer that syncs, with a stream for each execution.
  DurableStreams startDurableStreams(int executions) {
    return DurableStreams.start(newFolder("durable-streams"), publishersLoop, executions);
  }

  Nchan startNchan() {
    return Nchan.start(newFolder("nchan"), NCHAN_WORKERS);
  }

  JetStreamServer startJetStream() {
    return JetStreamServer.start(newFolder("jetstream"));
  }

  /// Returns the folder of Mistral's own clients.
  Path officialClients() {
    return launcher.toAbsolutePath().resolveSibling("tests").resolve("official-clients");
  }

  EventLoop readersLoop() {
    return readersLoop;
  }

  EventLoop publishersLoop() {
    return publishersLoop;
  }

  /// Returns how long to measure.
  Duration seconds(int seconds) {
    return quick ? QUICK_DURATION : Duration.ofSeconds(seconds);
  }

  /// Returns a number for a full or a quick run.
  int count(int full, int quick) {
    return this.quick ? quick : full;
  }

  /// Returns the numbers of events at which a growing log is measured, ascending.
  List<Integer> logSizes() {
    return logSizes;
  }

  /// Makes the operating system write unsynced data, so that it does not affect the next
  /// measurement.
  void writeBack() {
    try {
      int exit = new ProcessBuilder("sync", "-f", folder.toString()).inheritIO().start().waitFor();
      if (exit != 0) {
        throw new IllegalStateException("sync failed with " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot sync " + folder, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while syncing", e);
    }
  }

  /// Reports progress on standard error.
  public void tell(String progress) {
    System.err.println("  " + progress);
  }

  @Override
  public void close() {
    var _ = loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    delete(folder);
  }

  Path newFolder(String name) {
    try {
      return Files.createTempDirectory(folder, name + "-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make a folder in " + folder, e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + folder, e);
    }
  }
}
