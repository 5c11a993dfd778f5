package io.galerne.server.log.runs;

import static io.galerne.protocol.EventType.CUSTOM_TASK_STARTED;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_COMPLETED;
import static io.galerne.protocol.EventType.WORKFLOW_EXECUTION_STARTED;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/// A run is on disk with its first event; what follows arrives while somebody reads.
class RunChangesTest {
  static {
    RocksDB.loadLibrary();
  }

  private final Run started = Run.of(1, event(WORKFLOW_EXECUTION_STARTED));
  private final RunKey key = RunKey.of(started);

  @TempDir Path folder;

  private RocksDB db;
  private RunTable table;

  @BeforeEach
  void open() throws RocksDBException {
    db = RocksDB.open(folder.toString());
    table = new RunTable(db, db.getDefaultColumnFamily(), 10);
    table.apply(List.of(new RunTable.Change(key, null, started)));
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static EventRecord event(EventType type) {
    return SampleEvent.of(type).record();
  }

  private static void add(RunChanges changes, long sequence, EventType type)
      throws RocksDBException {
    changes.add(sequence, new EventRecord[] {event(type)}, 1);
  }

  private Run onDisk() throws RocksDBException {
    return requireNonNull(table.find(key));
  }

  @Test
  void aRunThatEndsWhileItIsReadKeepsItsLastSequence() throws RocksDBException {
    RunChanges changes = new RunChanges(table, null);
    add(changes, 2, CUSTOM_TASK_STARTED);
    RunChanges.View view = changes.of(key.execution(), true);
    Run stored = onDisk();
    add(changes, 3, WORKFLOW_EXECUTION_COMPLETED);

    assertThat(view.hides(key)).isFalse();
    assertThat(view.seen(stored).lastSequence()).isEqualTo(2);
    assertThat(requireNonNull(changes.find(key)).status()).isEqualTo(RunStatus.COMPLETED);
  }

  @Test
  void lastSequencesThatAreWrittenMeanwhileAreStillSeen() throws RocksDBException {
    RunChanges older = new RunChanges(table, null);
    add(older, 2, CUSTOM_TASK_STARTED);
    RunChanges newer = new RunChanges(table, older);
    RunChanges.View view = newer.of(key.execution(), true);
    Run stored = onDisk();
    newer.olderIsOnDisk();

    assertThat(view.seen(stored).lastSequence()).isEqualTo(2);
  }

  @Test
  void readsTheLastSequenceThatWasStoredOnItsOwn() throws RocksDBException {
    RunChanges changes = new RunChanges(table, null);
    add(changes, 2, CUSTOM_TASK_STARTED);
    add(changes, 5, CUSTOM_TASK_STARTED);

    assertThat(requireNonNull(changes.find(key)).lastSequence()).isEqualTo(5);
    db.put(RunKeys.lastSequence(key), RunKeys.number(7));
    assertThat(onDisk().lastSequence()).isEqualTo(7);
    table.apply(List.of(new RunTable.Change(key, started, null)));
    assertThat(db.get(RunKeys.lastSequence(key))).isNull();
  }

  @Test
  void anExpiredRunBeginsAgainWithItsNextEvent() throws RocksDBException {
    RunChanges changes = new RunChanges(table, null);
    add(changes, 2, WORKFLOW_EXECUTION_COMPLETED);
    add(changes, 3, CUSTOM_TASK_STARTED);

    assertThat(changes.expire(10, Map.of(key, Optional.empty()))).isEmpty();
    assertThat(changes.find(key)).isNull();
    add(changes, 12, CUSTOM_TASK_STARTED);

    assertThat(requireNonNull(changes.find(key)).firstSequence()).isEqualTo(12);
  }
}
