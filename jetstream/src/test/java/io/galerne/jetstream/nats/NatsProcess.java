package io.galerne.jetstream.nats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// One process of `nats-server` and its log. It does not outlive this JVM if that shuts down
/// cleanly. Used by one thread at a time.
final class NatsProcess {
  /// How long a signal may take: little is flushed at the end.
  private static final Duration ENDING = Duration.ofSeconds(15);

  /// The lines of the log that show why a start failed.
  private static final int TAIL_LINES = 25;

  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Thread last = new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "nats-last-resort");
    Runtime.getRuntime().addShutdownHook(last);
  }

  private final Process process;
  private final Path log;
  private boolean paused;

  private NatsProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /// Starts it; does not wait until it answers.
  ///
  /// @param log the file to which its output is appended
  static NatsProcess launch(List<String> command, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      RUNNING.add(process);
      return new NatsProcess(process, log);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot start " + command, e);
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// Returns whether it can answer: it is alive and not paused.
  boolean isResponsive() {
    return process.isAlive() && !paused;
  }

  void pause() {
    signal("STOP");
    paused = true;
  }

  void resume() {
    signal("CONT");
    paused = false;
  }

  /// Kills it, even if it is paused.
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /// Shuts it down cleanly, even if it is paused.
  void stop() {
    process.destroy();
    if (paused) {
      resume();
    }
    awaitEnd();
  }

  /// Returns the last lines that it wrote.
  String logTail() {
    try {
      List<String> lines = Files.readAllLines(log);
      return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "(no log: " + e + ")";
    }
  }

  private void awaitEnd() {
    try {
      if (!process.waitFor(ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("nats-server did not end. Its log:\n" + logTail());
      }
      RUNNING.remove(process);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }

  /// Sends a signal through a shell, because Java cannot.
  private void signal(String name) {
    if (!process.isAlive()) {
      throw new IllegalStateException("nats-server has ended. Its log:\n" + logTail());
    }
    try {
      int exit =
          new ProcessBuilder("sh", "-c", "kill -" + name + " " + pid())
              .inheritIO()
              .start()
              .waitFor();
      if (exit != 0) {
        throw new IllegalStateException("kill -" + name + " failed: " + exit);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot send " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
