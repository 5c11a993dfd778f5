package io.galerne.server.log.runs;

import io.galerne.server.log.Field;
import io.galerne.server.log.runs.RunChanges.Placed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;

/// Reads runs: those that recent blocks have changed, in memory, merged with those on disk. Memory
/// is read first, so a run that is written to disk meanwhile is seen in one of the two.
public final class RunReader {
  /// The number of runs that did not match after which a list returns, to release its thread.
  private static final int MOST_MISSES = 5_000;

  private final RunTable table;
  private final RunChanges changes;

  /// @param changes all runs that are not on disk yet
  public RunReader(RunTable table, RunChanges changes) {
    this.table = table;
    this.changes = changes;
  }

  /// See [RunIndex#list].
  public RunPage list(RunQuery query, Optional<RunPosition> after, int most)
      throws RocksDBException {
    // one extra run shows whether more follow
    RunChanges.View recent = changes.list(query, after.orElse(null), most + 1);
    try (RunTable.View stored = table.view()) {
      return merge(query, most, recent, stored, stored.walk(query, after.orElse(null)));
    }
  }

  private static RunPage merge(
      RunQuery query, int most, RunChanges.View recent, RunTable.View stored, RunTable.Walk walk)
      throws RocksDBException {
    Comparator<RunPosition> order =
        query.ascending() ? RunPosition.ASCENDING : RunPosition.ASCENDING.reversed();
    long namespace = RunKey.namespace(query.namespace());
    List<Run> page = new ArrayList<>();
    RunPosition last = null;
    int misses = 0;
    int used = 0;
    while (true) {
      Placed fromMemory = used < recent.runs().size() ? recent.runs().get(used) : null;
      RunPosition onDisk = walk.next();
      Run run;
      RunPosition position;
      if (fromMemory != null
          && (onDisk == null || order.compare(fromMemory.position(), onDisk) <= 0)) {
        run = fromMemory.run();
        position = fromMemory.position();
        used++;
      } else if (onDisk != null) {
        run = wanted(query, namespace, onDisk, walk.firstSequence(), recent, stored);
        position = onDisk;
        walk.advance();
      } else {
        return new RunPage(page, Optional.empty());
      }
      if (run != null && page.size() == most) {
        return new RunPage(page, Optional.ofNullable(last));
      }
      if (run != null) {
        page.add(run);
        last = position;
      } else if (++misses == MOST_MISSES) {
        // no run between the last of the page and this position matches
        return new RunPage(page, Optional.of(position));
      }
    }
  }

  private static @Nullable Run wanted(
      RunQuery query,
      long namespace,
      RunPosition position,
      long firstSequence,
      RunChanges.View recent,
      RunTable.View stored)
      throws RocksDBException {
    RunKey key = new RunKey(namespace, position.run(), position.execution());
    if (recent.hides(key)) {
      return null;
    }
    Run run = stored.find(key, firstSequence).orElse(null);
    return run != null && query.matches(run) ? recent.seen(run) : null;
  }

  /// See [RunIndex#run].
  public Optional<Run> run(String namespace, String runId) throws RocksDBException {
    long hash = RunKey.hash(namespace, Field.WORKFLOW_RUN_ID, runId);
    RunChanges.View recent = changes.of(hash, false);
    List<Run> found = new ArrayList<>();
    recent.runs().forEach(placed -> found.add(placed.run()));
    try (RunTable.View stored = table.view()) {
      stored.forEachRun(
          RunKey.namespace(namespace),
          hash,
          run -> {
            if (!recent.hides(RunKey.of(run))) {
              found.add(recent.seen(run));
            }
          });
    }
    return found.stream()
        .filter(run -> run.namespace().equals(namespace) && run.runId().equals(runId))
        .max(Comparator.comparingLong(Run::firstSequence));
  }

  /// See [RunIndex#newestRun].
  public Optional<Run> newestRun(String namespace, String executionId) throws RocksDBException {
    long hash = RunKey.hash(namespace, Field.WORKFLOW_EXEC_ID, executionId);
    RunChanges.View recent = changes.of(hash, true);
    List<Run> found = new ArrayList<>();
    recent.runs().forEach(placed -> found.add(placed.run()));
    try (RunTable.View stored = table.view()) {
      stored
          .newest(RunKey.namespace(namespace), hash, key -> !recent.hides(key))
          .ifPresent(run -> found.add(recent.seen(run)));
    }
    return found.stream()
        .filter(run -> run.namespace().equals(namespace) && run.executionId().equals(executionId))
        .max(Comparator.comparingLong(Run::firstSequence));
  }
}
