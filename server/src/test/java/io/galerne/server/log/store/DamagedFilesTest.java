package io.galerne.server.log.store;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.readAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogOpenException;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.embedded.EmbeddedLogs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// If any byte of a log's files has changed, the log refuses to open or to read, or still has every
/// event. It never loses events silently.
class DamagedFilesTest {
  private static final int COMMITS = 8;

  @TempDir private Path temporary;
  private Path crashed;
  private Path closed;
  private final List<EventFilter> filters = new ArrayList<>();
  private final Map<EventFilter, List<Long>> expected = new LinkedHashMap<>();
  private int copies;

  @BeforeEach
  void createACrashedAndAClosedLog() {
    filters.add(EventFilter.in("acme").build());
    for (String text : List.of("a", "é", "true")) {
      filters.add(EventFilter.in("acme").where(Field.WORKFLOW_NAME, text).build());
      filters.add(EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, text).build());
    }
    Path folder = temporary.resolve("log");
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
      RandomEvents events = new RandomEvents(1);
      for (int i = 0; i < COMMITS; i++) {
        append(log, events.records(20, "acme"));
      }
      filters.forEach(filter -> expected.put(filter, Logs.sequences(readAll(log, filter, 1))));
      crashed = EmbeddedLogs.copy(folder, temporary.resolve("crashed"));
    }
    EmbeddedLogs.in(folder).open().close(); // flushes the write-ahead log into tables
    closed = folder;
  }

  /// Without this, the other tests would pass with a log that always refuses.
  @Test
  void readsEveryEventIfNothingIsDamaged() {
    for (Path folder : List.of(crashed, closed)) {
      try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
        expected.forEach(
            (filter, sequences) -> assertThat(readUnlessRefused(log, filter)).contains(sequences));
      }
    }
  }

  @Test
  void losesNothingSilentlyIfTheWriteAheadLogIsDamaged() throws Exception {
    flipBytesOf(crashed, ".log", 20);
  }

  @Test
  void losesNothingSilentlyIfATableIsDamaged() throws Exception {
    flipBytesOf(closed, ".sst", 8);
  }

  @Test
  void losesNothingSilentlyIfTheManifestIsDamaged() throws Exception {
    flipBytesOf(closed, "MANIFEST", 12);
    flipBytesOf(closed, "CURRENT", 3);
  }

  @Test
  void losesNothingSilentlyIfARecordHeaderIsDamaged() throws Exception {
    flipBitsOfHeaders(crashed, ".log");
    flipBitsOfHeaders(closed, "MANIFEST");
  }

  @Test
  void losesNothingSilentlyIfATableIsMissing() throws Exception {
    for (Path table : files(closed, ".sst")) {
      Path copy = EmbeddedLogs.copy(closed, temporary.resolve("copy-" + copies++));
      Files.delete(copy.resolve(closed.relativize(table)));
      assertNothingIsLost(copy, "without " + table.getFileName());
    }
  }

  private void flipBytesOf(Path folder, String name, int times) throws Exception {
    long seed = System.nanoTime();
    System.out.println("DamagedFilesTest seed " + seed);
    Random random = new Random(seed);
    for (Path file : files(folder, name)) {
      byte[] good = Files.readAllBytes(file);
      for (int i = 0; i < times && good.length > 0; i++) {
        byte[] bad = good.clone();
        int at = (int) ((i + random.nextDouble()) / times * good.length);
        bad[at] ^= (byte) (1 << random.nextInt(8));
        assertNothingIsLost(folder, folder.relativize(file), bad, file + " at " + at);
      }
    }
  }

  /// Flips each bit of the length and the type of every record. RocksDB mistakes some for the end
  /// of the file, and loops forever on others.
  private void flipBitsOfHeaders(Path folder, String name) throws Exception {
    for (Path file : files(folder, name)) {
      byte[] good = Files.readAllBytes(file);
      for (int head : heads(good)) {
        for (int bit = 0; bit < 24; bit++) {
          byte[] bad = good.clone();
          bad[head + 4 + bit / 8] ^= (byte) (1 << bit % 8);
          assertNothingIsLost(
              folder, folder.relativize(file), bad, file + ", bit " + bit + " at " + head);
        }
      }
    }
  }

  /// The offsets of the records in the file.
  private static List<Integer> heads(byte[] file) {
    List<Integer> heads = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int at = 0;
    while (at + 7 <= file.length) {
      int leftInBlock = 32 * 1024 - at % (32 * 1024);
      if (leftInBlock < 7) {
        at += leftInBlock;
      } else {
        heads.add(at);
        at += 7 + Short.toUnsignedInt(bytes.getShort(at + 4));
      }
    }
    return heads;
  }

  private void assertNothingIsLost(Path folder, Path file, byte[] bad, String damage)
      throws IOException {
    Path copy = EmbeddedLogs.copy(folder, temporary.resolve("copy-" + copies++));
    Files.write(copy.resolve(file), bad);
    assertNothingIsLost(copy, damage);
  }

  private void assertNothingIsLost(Path folder, String damage) {
    try (EmbeddedEventLog log = EmbeddedLogs.in(folder).open()) {
      for (EventFilter filter : filters) {
        readUnlessRefused(log, filter)
            .ifPresent(found -> assertThat(found).as(damage).isEqualTo(expected.get(filter)));
      }
    } catch (LogOpenException e) {
      assertThat(e).hasMessageContaining(folder.toString()).hasMessageContaining("backup");
    }
  }

  /// The sequences; empty if the log refuses the read.
  private static Optional<List<Long>> readUnlessRefused(EmbeddedEventLog log, EventFilter filter) {
    try {
      return Optional.of(Logs.sequences(readAll(log, filter, 1)));
    } catch (LogUnavailableException e) {
      return Optional.empty();
    }
  }

  private static List<Path> files(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("rocksdb"))) {
      return files.filter(file -> file.getFileName().toString().contains(name)).sorted().toList();
    }
  }
}
