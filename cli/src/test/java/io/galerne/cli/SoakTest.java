package io.galerne.cli;

import static io.galerne.server.RunningServer.BATCH;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.protocol.SseMessage;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Readers that connect, leave, stall and filter at random while events are published: each sees
/// exactly its events, and the server's memory stays flat. `-Dgalerne.soak=PT10M
/// -Dgalerne.soak.readers=5000` is the long form; it prints the memory twice a minute.
class SoakTest {
  private static final String READY = "galerne is listening on ";
  private static final Duration TIME = Duration.parse(System.getProperty("galerne.soak", "PT4S"));
  private static final int READERS = Integer.getInteger("galerne.soak.readers", 100);
  private static final int EXECUTIONS = 500;
  private static final int EVENTS_PER_SECOND = 500;
  private static final int BATCHES_PER_SECOND = 20;

  /// Everything costs 500 times what an execution costs, so few read it.
  private static final int READERS_OF_ONE_EXECUTION = 250;

  @TempDir Path folder;

  /// The highest sequence that was answered. Only this test publishes, so sequences have no gaps,
  /// and each determines the execution of its event.
  private final AtomicLong head = new AtomicLong();

  private final long seed = Long.getLong("galerne.seed", System.nanoTime());
  private Instant end;
  private URI uri;

  @Test
  void everyReaderIsExactAndMemoryStaysFlat() throws Exception {
    System.out.println("galerne.seed=" + seed);
    Process server =
        GalerneProcess.start(
            errors(),
            List.of("-Xmx256m"),
            "serve",
            "--port",
            "0",
            "--data",
            folder.resolve("data").toString());
    try {
      String line = server.inputReader().readLine();
      assertThat(line).as(Files.readString(errors())).startsWith(READY);
      uri = URI.create(line.substring(READY.length()));
      end = Instant.now().plus(TIME);
      run(server.pid());
      assertThat(Files.readString(errors())).doesNotContain(" ERROR ", "OutOfMemory");
    } finally {
      server.destroyForcibly().waitFor();
    }
  }

  private void run(long pid) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      running.add(threads.submit(this::publish));
      for (int i = 0; i < READERS; i++) {
        Reader reader = new Reader(i, new Random(seed + i));
        running.add(threads.submit(reader::read));
      }
      running.add(threads.submit(() -> watch(pid)));
      for (Future<?> one : running) {
        one.get();
      }
    }
  }

  private Void publish() throws Exception {
    try (HttpClient http = HttpClient.newHttpClient()) {
      long next = System.nanoTime();
      while (Instant.now().isBefore(end)) {
        List<String> events = new ArrayList<>();
        for (int i = 1; i <= EVENTS_PER_SECOND / BATCHES_PER_SECOND; i++) {
          long sequence = head.get() + i;
          events.add(
              SampleEvents.event(
                  "e-" + sequence, execution(sequence), EventType.ACTIVITY_TASK_STARTED));
        }
        HttpRequest request =
            HttpRequest.newBuilder(uri.resolve(BATCH))
                .POST(BodyPublishers.ofString(SampleEvents.batch(events)))
                .build();
        assertThat(http.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        head.addAndGet(events.size());
        next += TimeUnit.SECONDS.toNanos(1) / BATCHES_PER_SECOND;
        Thread.sleep(Math.max(0, (next - System.nanoTime()) / 1_000_000));
      }
    }
    return null;
  }

  private static String execution(long sequence) {
    return "run-" + sequence % EXECUTIONS;
  }

  private Void watch(long pid) throws Exception {
    while (Instant.now().plusSeconds(30).isBefore(end)) {
      Thread.sleep(30_000);
      System.out.println(resident(pid) + " of the server after " + head + " events");
    }
    return null;
  }

  private static String resident(long pid) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith("VmRSS"))
        .findFirst()
        .orElse("VmRSS: not known");
  }

  private Path errors() {
    return folder.resolve("errors.txt");
  }

  /// One reader: of one execution, or of everything. For one thread, and those of its streams, one
  /// after the other.
  private final class Reader {
    private final Random random;
    private final String target;

    /// Distance from one of its events to the next.
    private final long step;

    /// The next expected sequence; 0 if that depends on when the stream opens.
    private final AtomicLong expected = new AtomicLong();

    private Reader(int number, Random random) {
      this.random = random;
      boolean all = number % READERS_OF_ONE_EXECUTION == 0;
      this.step = all ? 1 : EXECUTIONS;
      long first = all ? 1 : 1 + number % EXECUTIONS;
      this.target = all ? STREAM : STREAM + "?workflow_exec_id=" + execution(first);
      expected.set(first);
    }

    private Void read() throws Exception {
      while (Instant.now().isBefore(end)) {
        once();
      }
      try (StreamReader last = resume().open()) {
        while (expected.get() <= head.get()) {
          last.await(0); // fails if the reader found a fault
          assertThat(last.end()).isEqualTo(StreamReader.End.OPEN);
          Thread.sleep(20);
        }
      }
      return null;
    }

    /// Opens a stream, reads for a while, stalls now and then, and leaves.
    private void once() throws Exception {
      StreamReader.Request request = resume();
      if (random.nextInt(4) == 0) {
        request.receiveBuffer(4096);
      }
      try (StreamReader stream = request.open()) {
        pause(5_000);
        if (random.nextInt(3) == 0) {
          stream.stall();
          pause(5_000);
          stream.goOn();
          pause(2_000);
        }
        stream.await(0);
      }
      pause(1_000);
    }

    private StreamReader.Request resume() {
      return StreamReader.of(uri, target)
          .header("Last-Event-ID", Long.toString(expected.get() - 1))
          .each(this::take);
    }

    private void take(SseMessage message) {
      long sequence = StreamReader.sequence(message);
      if (!expected.compareAndSet(sequence, sequence + step)) {
        throw new AssertionError(
            "%s came, but %d should have: %s".formatted(sequence, expected.get(), target));
      }
    }

    private void pause(int mostMillis) throws InterruptedException {
      long left = Duration.between(Instant.now(), end).toMillis();
      Thread.sleep(Math.max(0, Math.min(random.nextInt(mostMillis), left)));
    }
  }
}
