package io.galerne.server.log.runs;

import io.galerne.server.log.EventRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Expires runs with their events: removes runs without retained events and moves the beginning of
/// the others to their oldest retained event. Memory use does not depend on the number of expiring
/// runs. For one thread at a time.
public final class RunExpiry {
  /// The number of runs per batch of changes.
  private static final int BATCH = 256;

  private final RunTable table;

  /// Every run on disk begins at this sequence or later, or has changed since in memory.
  private long done;

  public RunExpiry(RunTable table) {
    this.table = table;
  }

  /// Finds the oldest event of a run at or after a sequence; null if there is none.
  @FunctionalInterface
  public interface Events {
    @Nullable Beginning oldest(Run run, long from) throws RocksDBException;
  }

  /// The oldest retained event of a run.
  public record Beginning(long sequence, EventRecord event) {}

  /// Applies a change to the runs in memory while no event is added and no layer is handed to the
  /// writer.
  @FunctionalInterface
  public interface Guard {
    void change(Change change) throws RocksDBException;
  }

  /// A change to the runs in memory.
  @FunctionalInterface
  public interface Change {
    void in(RunChanges changes) throws RocksDBException;
  }

  /// Expires all runs before a sequence. Their events must still be stored.
  public synchronized void expireBefore(long oldest, Events events, Guard guard)
      throws RocksDBException {
    if (oldest <= done) {
      return;
    }
    // Memory first: a run that is written to disk in between is then found in both.
    List<RunKey> inMemory = new ArrayList<>();
    guard.change(changes -> inMemory.addAll(changes.beginningBefore(oldest)));
    table.forEachBeginning(done, oldest, BATCH, keys -> expire(keys, oldest, events, guard));
    expire(inMemory, oldest, events, guard);
    done = oldest;
  }

  private void expire(List<RunKey> keys, long oldest, Events events, Guard guard)
      throws RocksDBException {
    List<RunKey> left = new ArrayList<>(keys);
    while (!left.isEmpty()) {
      Map<RunKey, Run> runs = new HashMap<>();
      guard.change(changes -> {
        for (RunKey key : left) {
          Run run = changes.find(key);
          if (run != null && run.firstSequence() < oldest) {
            runs.put(key, run);
          }
        }
      });
      Map<RunKey, Optional<Beginning>> beginnings = new HashMap<>();
      for (Map.Entry<RunKey, Run> entry : runs.entrySet()) {
        Run run = entry.getValue();
        boolean lives = run.lastSequence() >= oldest;
        Beginning first = lives ? events.oldest(run, oldest) : null;
        beginnings.put(entry.getKey(), Optional.ofNullable(first));
      }
      left.clear();
      guard.change(changes -> left.addAll(changes.expire(oldest, beginnings)));
    }
  }
}
