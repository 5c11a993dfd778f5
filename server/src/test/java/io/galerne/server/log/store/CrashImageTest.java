package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Recovery after a crash. A copy of the folder of an open log is what a crash leaves on disk.
class CrashImageTest {
  @TempDir private Path temporary;

  @Test
  void aCrashImageHoldsAllAcknowledgedEvents() throws Exception {
    long seed = System.nanoTime();
    System.out.println("CrashImageTest seed " + seed);
    Random random = new Random(seed);
    Path folder = temporary.resolve("log");
    List<String> sent = new CopyOnWriteArrayList<>();
    List<String> answered = new CopyOnWriteArrayList<>();
    AtomicBoolean stop = new AtomicBoolean();
    List<List<String>> answeredBefore = new ArrayList<>();
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
      Thread appender =
          Thread.ofPlatform().start(() -> appendUntil(stop, log, new Random(seed), sent, answered));
      for (int i = 0; i < 8; i++) {
        int enough = answered.size() + random.nextInt(40);
        while (answered.size() < enough) {
          Thread.onSpinWait();
        }
        answeredBefore.add(List.copyOf(answered));
        EmbeddedLogs.copy(folder, temporary.resolve("image-" + i));
      }
      stop.set(true);
      appender.join();
    }
    for (int i = 0; i < 8; i++) {
      try (EmbeddedEventLog image = EmbeddedLogs.in(temporary.resolve("image-" + i)).open()) {
        List<Logs.Entry> entries = readAll(image, "acme");
        List<String> found = Logs.eventIds(entries);
        assertThat(found)
            .as("image %s, seed %s", i, seed)
            .startsWith(answeredBefore.get(i).toArray(String[]::new))
            .isEqualTo(sent.subList(0, found.size()));
        assertIndexAgrees(image, entries);
        long next = append(image, SampleEvent.any().record("acme"))[0];
        assertThat(next).isEqualTo(found.size() + 1);
      }
    }
  }

  private static void appendUntil(
      AtomicBoolean stop,
      EmbeddedEventLog log,
      Random random,
      List<String> sent,
      List<String> done) {
    RandomEvents events = new RandomEvents(random.nextLong());
    while (!stop.get()) {
      List<EventRecord> batch = events.records(1 + random.nextInt(5), "acme");
      List<String> ids = batch.stream().map(event -> new Logs.Entry(0, event).eventId()).toList();
      sent.addAll(ids);
      append(log, batch);
      done.addAll(ids);
    }
  }

  @Test
  void losesOnlyATornWrite() throws Exception {
    Path folder = temporary.resolve("log");
    Path before = temporary.resolve("before");
    Path image = temporary.resolve("image");
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
      append(log, SampleEvent.any().id("one").record("acme"));
      append(log, SampleEvent.any().id("two").record("acme"));
      EmbeddedLogs.copy(folder, before);
      append(log, SampleEvent.any().id("torn").record("acme"));
      EmbeddedLogs.copy(folder, image);
    }
    long whole = Files.size(newestWriteAheadLog(image));
    long answered = Files.size(newestWriteAheadLog(before));
    assertThat(whole).isGreaterThan(answered);
    for (long length :
        new long[] {
          whole - 1, whole - 7, (whole + answered) / 2, answered + 8, answered + 1, answered
        }) {
      Path torn = EmbeddedLogs.copy(image, temporary.resolve("torn-" + length));
      try (RandomAccessFile file = new RandomAccessFile(newestWriteAheadLog(torn).toFile(), "rw")) {
        file.setLength(length);
      }
      try (EmbeddedEventLog log = EmbeddedLogs.in(torn).open()) {
        assertThat(Logs.eventIds(readAll(log, "acme")))
            .as("cut to %s of %s", length, whole)
            .containsExactly("one", "two");
        assertThat(append(log, SampleEvent.any().record("acme"))).containsExactly(3);
      }
    }
  }

  @Test
  void keepsAcknowledgedEventsWhenTheProcessIsKilled() throws Exception {
    Path folder = temporary.resolve("log");
    List<String> answered = new ArrayList<>();
    for (int round = 0; round < 4; round++) {
      try (OtherProcess other = OtherProcess.with(folder)) {
        for (int i = 0; i < 100; i++) {
          answered.add(other.nextAnswered());
        }
      }
      try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
        List<Logs.Entry> found = readAll(log, "acme");
        assertThat(Logs.eventIds(found)).containsSubsequence(answered).doesNotHaveDuplicates();
        assertThat(Logs.sequences(found)).isSorted().doesNotHaveDuplicates();
        assertIndexAgrees(log, found);
      }
    }
  }

  /// Asserts that reads by execution id agree with a full read, and that every id is recognised.
  private static void assertIndexAgrees(EmbeddedEventLog log, List<Logs.Entry> all) {
    Map<String, List<Long>> byExecution = new HashMap<>();
    for (Logs.Entry entry : all) {
      String execution = String.valueOf(entry.event().text(Field.WORKFLOW_EXEC_ID));
      byExecution.computeIfAbsent(execution, _ -> new ArrayList<>()).add(entry.sequence());
    }
    byExecution.forEach((execution, sequences) ->
        assertThat(
                Logs.sequences(
                    readAll(
                        log,
                        EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, execution).build(),
                        1)))
            .isEqualTo(sequences));
    List<EventRecord> again = all.stream().map(Logs.Entry::event).toList();
    assertThat(append(log, again))
        .containsExactly(all.stream().mapToLong(Logs.Entry::sequence).toArray());
  }

  static Path newestWriteAheadLog(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("rocksdb"))) {
      return files
          .filter(file -> file.toString().endsWith(".log"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }
}
