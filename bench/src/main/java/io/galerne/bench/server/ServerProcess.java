package io.galerne.bench.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A server's process and its children: starts them, measures them through `/proc`, and ends them
/// by pid.
public final class ServerProcess implements AutoCloseable {
  private static final Duration READY_WITHIN = Duration.ofMinutes(1);
  private static final Duration ENDED_WITHIN = Duration.ofSeconds(20);

  /// Ticks a second in `/proc/PID/stat`: 100 on every Linux that a JDK runs on.
  private static final int TICKS_PER_SECOND = 100;

  /// The lines of output that are kept to explain a failed start.
  private static final int KEPT_LINES = 30;

  private final Process process;
  private final CompletableFuture<String> ready = new CompletableFuture<>();
  private final ArrayDeque<String> output = new ArrayDeque<>();

  private ServerProcess(Process process) {
    this.process = process;
  }

  /// Starts a command and waits for the line of its output that reports it is ready.
  ///
  /// @throws IllegalStateException if it ends or stays silent; the message has its last output
  public static ServerProcess start(
      List<String> command, Map<String, String> environment, Predicate<String> readyLine) {
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
      builder.environment().putAll(environment);
      ServerProcess started = new ServerProcess(builder.start());
      // Not a virtual thread: one that reads a pipe pins its carrier, and the spare carriers that
      // replace it end after 30 s of silence. Then nothing would read the next server's output.
      Thread.ofPlatform().daemon().name("output").start(() -> started.follow(readyLine));
      started.awaitReady(command);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command.getFirst(), e);
    }
  }

  /// Returns a free port of the loopback interface.
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  /// Returns the line that reported it is ready.
  public String readyLine() {
    return ready.join();
  }

  public long pid() {
    return process.pid();
  }

  /// Returns the user and system time so far.
  public Duration cpu() {
    return ofTicks(handles().mapToLong(handle -> ticks(handle.pid())).sum());
  }

  /// Returns the CPU time of all processes of the machine so far.
  public static Duration machineCpu() {
    String all = read("/proc/stat").lines().findFirst().orElseThrow();
    // user, nice, system, idle, iowait, irq, softirq
    List<String> fields = List.of(all.split("\\s+", -1));
    return ofTicks(IntStream.of(1, 2, 3, 6, 7).mapToLong(i -> Long.parseLong(fields.get(i))).sum());
  }

  /// Returns the resident memory in bytes. Pages that several processes share count once.
  public long residentBytes() {
    return handles().mapToLong(handle -> residentBytes(handle.pid())).sum();
  }

  @Override
  public void close() {
    List<ProcessHandle> handles = handles().toList();
    process.destroy();
    try {
      if (!process.waitFor(ENDED_WITHIN)) {
        System.err.println("pid " + pid() + " did not end when asked to; killing it");
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    handles.forEach(ProcessHandle::destroyForcibly);
  }

  private Stream<ProcessHandle> handles() {
    return Stream.concat(Stream.of(process.toHandle()), process.descendants());
  }

  private void follow(Predicate<String> readyLine) {
    try (BufferedReader reader = process.inputReader()) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        keep(line);
        if (!ready.isDone() && readyLine.test(line)) {
          ready.complete(line);
        }
      }
    } catch (IOException e) {
      keep("(its output broke: " + e + ")");
    }
    ready.completeExceptionally(new IllegalStateException("it ended"));
  }

  private void keep(String line) {
    synchronized (output) {
      if (output.size() == KEPT_LINES) {
        output.remove();
      }
      output.add(line);
    }
  }

  private void awaitReady(List<String> command) {
    Throwable why;
    try {
      ready.get(READY_WITHIN.toNanos(), TimeUnit.NANOSECONDS);
      return;
    } catch (ExecutionException failure) {
      why = failure.getCause();
    } catch (TimeoutException late) {
      why = late;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      why = interrupted;
    }
    close();
    synchronized (output) {
      throw new IllegalStateException(
          "%s is not ready:%n%s".formatted(command, String.join("\n", output)), why);
    }
  }

  private static Duration ofTicks(long ticks) {
    return Duration.ofNanos(ticks * (TimeUnit.SECONDS.toNanos(1) / TICKS_PER_SECOND));
  }

  private static long ticks(long pid) {
    String stat = read("/proc/%d/stat".formatted(pid));
    // Field 2, the command's name, may hold spaces. utime and stime are fields 14 and 15.
    List<String> fields = List.of(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1));
    return Long.parseLong(fields.get(11)) + Long.parseLong(fields.get(12));
  }

  private static long residentBytes(long pid) {
    return read("/proc/%d/smaps_rollup".formatted(pid))
        .lines()
        .filter(line -> line.startsWith("Pss:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
        .sum();
  }

  private static String read(String path) {
    try {
      return Files.readString(Path.of(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
