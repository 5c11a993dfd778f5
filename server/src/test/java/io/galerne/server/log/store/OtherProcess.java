package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;

import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Another JVM with an open log: appends events one by one and prints the id of each acknowledged
/// one, until it is killed. It writes its index to disk every few dozen events.
final class OtherProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  private OtherProcess(Process process) {
    this.process = process;
    this.out = process.inputReader();
  }

  static OtherProcess with(Path folder) throws IOException {
    String java = ProcessHandle.current().info().command().orElseThrow();
    return new OtherProcess(
        new ProcessBuilder(
                java,
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                OtherProcess.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /// The next acknowledged `event_id`; null after the process has ended.
  String nextAnswered() throws IOException {
    String line = out.readLine();
    while (line != null && !line.startsWith("answered ")) {
      line = out.readLine();
    }
    return line == null ? null : line.substring("answered ".length());
  }

  /// Whether an append is acknowledged or the process ends within this time.
  boolean appendsOrEndsWithin(Duration time) throws Exception {
    CompletableFuture<String> first = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() -> {
          try {
            first.complete(nextAnswered());
          } catch (IOException e) {
            first.completeExceptionally(e);
          }
        });
    try {
      first.get(time.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /// Kills the process, like `kill -9`.
  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @SuppressWarnings("SystemOut")
  public static void main(String[] arguments) {
    try (EmbeddedEventLog log = EmbeddedLogs.in(Path.of(arguments[0])).indexBytes(10_000).open()) {
      for (int i = 0; ; i++) {
        String id = ProcessHandle.current().pid() + "-" + i;
        append(log, SampleEvent.any().id(id).record("acme"));
        System.out.println("answered " + id);
      }
    }
  }
}
