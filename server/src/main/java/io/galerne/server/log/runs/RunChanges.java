package io.galerne.server.log.runs;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.runs.RunExpiry.Beginning;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/// The in-memory layer of runs that recent blocks have changed, on top of the runs on disk. A
/// frozen older layer, which is being written to disk, may lie between the two.
///
/// One thread adds, another may expire runs, any thread reads: this object's monitor guards all
/// fields. A thread that holds it may take that of `older`, never the other way round.
public final class RunChanges {
  /// Approximate memory use of an entry in bytes, without its runs.
  private static final long ENTRY_BYTES = 400;

  private final RunTable table;

  /// Null once it is on disk.
  private @Nullable RunChanges older;

  private final Map<RunKey, Entry> entries = new HashMap<>();

  /// Those of entries' runs may be lower than in the run.
  private final LastSequences lastSequences = new LastSequences();

  /// Entries by the hash of their execution and of their run id; the hashes include the namespace.
  private final Map<Long, List<Entry>> byExecution = new HashMap<>();

  private final Map<Long, List<Entry>> byRun = new HashMap<>();
  private final RunPlaces<Entry> places = new RunPlaces<>();
  private long bytes;

  /// The number of entries created so far.
  private long made;

  /// The last added event and its key: the next event is often of the same run.
  private @Nullable EventRecord lastEvent;

  private @Nullable RunKey lastKey;

  /// A run that has changed.
  private static final class Entry {
    private final RunKey key;

    /// The run in the layers below.
    private final @Nullable Run before;

    /// The value of `made` after this entry was created.
    private final long number;

    /// The current run; null if it has expired.
    private @Nullable Run now;

    private Entry(RunKey key, @Nullable Run before, long number) {
      this.key = key;
      this.before = before;
      this.number = number;
    }
  }

  /// @param older the layer that is being written to disk; null if there is none
  public RunChanges(RunTable table, @Nullable RunChanges older) {
    this.table = table;
    this.older = older;
  }

  /// Drops the older layer, because it is on disk.
  public synchronized void olderIsOnDisk() {
    older = null;
  }

  /// Approximate memory use in bytes.
  public synchronized long bytes() {
    return bytes;
  }

  /// Folds in the events of a block. Skips events that runs already contain, so the same block may
  /// be added again after a crash.
  ///
  /// @param first the sequence of the first event
  /// @param oldest events below it have expired
  public synchronized void add(long first, EventRecord[] events, long oldest)
      throws RocksDBException {
    for (int i = 0; i < events.length; i++) {
      if (first + i >= oldest) {
        add(first + i, events[i]);
      }
    }
  }

  private void add(long sequence, EventRecord event) throws RocksDBException {
    RunKey key = key(event);
    if (changesOnlyLast(key, sequence, event)) {
      return;
    }
    Run now = find(key);
    know(key, now);
    if (now != null && sequence <= now.lastSequence()) {
      return;
    } else if (now != null && Run.ignores(event, now.isRetrying())) {
      sawLast(key, sequence, now.isRetrying());
      return;
    }
    Run next = now == null ? Run.of(sequence, event) : now.after(sequence, event);
    replace(entryOf(key, now), next);
    know(key, next);
    if (event.type() == EventType.WORKFLOW_EXECUTION_STARTED) {
      continuePrevious(key, sequence, event);
    }
  }

  private Entry entryOf(RunKey key, @Nullable Run now) {
    Entry entry = entries.get(key);
    return entry == null ? make(key, now) : entry;
  }

  /// Folds in the event if its run is known to exist and the event changes only its last sequence.
  private boolean changesOnlyLast(RunKey key, long sequence, EventRecord event) {
    if (!Run.ignores(event, false)) {
      return false;
    }
    if (lastSequences.move(key, sequence, !Run.ignores(event, true))) {
      return true;
    }
    Boolean retrying = table.known().retrying(key);
    if (retrying == null || !Run.ignores(event, retrying)) {
      return false;
    }
    sawLast(key, sequence, retrying);
    return true;
  }

  private void sawLast(RunKey key, long sequence, boolean retrying) {
    if (lastSequences.put(key, sequence, retrying)) {
      bytes += LastSequences.BYTES_PER_RUN;
    }
  }

  /// Notes the current state of a run for its next events.
  ///
  /// @param run null if it does not exist
  private void know(RunKey key, @Nullable Run run) {
    table.known().put(key, run);
    if (run != null) {
      lastSequences.setRetrying(key, run.isRetrying());
    } else if (lastSequences.remove(key)) {
      bytes -= LastSequences.BYTES_PER_RUN;
    }
  }

  /// Whether a change of the run is still to be written.
  private synchronized boolean changes(RunKey key) {
    return entries.containsKey(key) || lastSequences.get(key) > 0;
  }

  /// The last sequence of a run in this and the older layer; 0 if neither has one.
  private synchronized long lastSequence(RunKey key) {
    long last = lastSequences.get(key);
    return older == null ? last : Math.max(last, older.lastSequence(key));
  }

  /// Marks the run that another one continues as continued.
  ///
  /// @param next the run that has started
  private void continuePrevious(RunKey next, long sequence, EventRecord started)
      throws RocksDBException {
    String previous = ContinuedRun.idFrom(started);
    RunKey key = previous == null ? next : RunKey.of(started, previous);
    if (key.equals(next)) {
      return;
    }
    Run run = find(key);
    if (run != null) {
      replace(entryOf(key, run), run.continuedBy(sequence, started));
    }
  }

  private RunKey key(EventRecord event) {
    EventRecord last = lastEvent;
    RunKey key = lastKey;
    if (last == null
        || key == null
        || !event.same(Field.WORKFLOW_RUN_ID, last)
        || !event.same(Field.WORKFLOW_EXEC_ID, last)
        || !event.same(Field.NAMESPACE, last)) {
      key = RunKey.of(event);
      lastKey = key;
    }
    lastEvent = event;
    return key;
  }

  private synchronized @Nullable Entry entry(RunKey key) {
    return entries.get(key);
  }

  private Entry make(RunKey key, @Nullable Run before) {
    Entry entry = new Entry(key, before, ++made);
    entries.put(key, entry);
    byExecution.computeIfAbsent(key.execution(), _ -> new ArrayList<>(1)).add(entry);
    byRun.computeIfAbsent(key.run(), _ -> new ArrayList<>(1)).add(entry);
    bytes += ENTRY_BYTES + (before == null ? 0 : before.bytes());
    replace(entry, before);
    return entry;
  }

  private void replace(Entry entry, @Nullable Run next) {
    Run now = entry.now;
    if (now != null && next != null && now.hasPlacesOf(next)) {
      bytes += next.bytes() - now.bytes();
      entry.now = next;
      return;
    }
    if (now != null) {
      bytes -= now.bytes();
      places.remove(entry.key, now);
    }
    entry.now = next;
    if (next != null) {
      bytes += next.bytes();
      places.add(entry.key, next, entry);
    }
  }

  /// Expires runs that still begin before `oldest`.
  ///
  /// @param beginnings the oldest retained event of each run; empty if none is retained
  /// @return the runs that received an event meanwhile, which may now be their oldest
  synchronized List<RunKey> expire(long oldest, Map<RunKey, Optional<Beginning>> beginnings)
      throws RocksDBException {
    List<RunTable.Change> onDisk = new ArrayList<>();
    List<RunKey> again = new ArrayList<>();
    for (Map.Entry<RunKey, Optional<Beginning>> expired : beginnings.entrySet()) {
      RunKey key = expired.getKey();
      Entry entry = entries.get(key);
      Run now = find(key);
      if (now == null || now.firstSequence() >= oldest) {
        continue;
      }
      if (expired.getValue().isEmpty() && now.lastSequence() >= oldest) {
        again.add(key);
        continue;
      }
      Run left =
          expired
              .getValue()
              .map(first -> now.from(oldest, first.sequence(), first.event()))
              .orElse(null);
      if (entry != null || (older != null && older.changes(key))) {
        replace(entryOf(key, now), left);
        know(key, left);
      } else {
        onDisk.add(new RunTable.Change(key, now, left)); // not in memory: many may expire
      }
    }
    if (!onDisk.isEmpty()) {
      table.apply(onDisk);
      onDisk.forEach(
          change -> know(change.key(), change.after())); // if it fails, all is tried again
    }
    return again;
  }

  /// The changed runs that begin before a sequence, in this and the older layer.
  synchronized List<RunKey> beginningBefore(long sequence) {
    List<RunKey> found =
        new ArrayList<>(older == null ? List.of() : older.beginningBefore(sequence));
    for (Entry entry : entries.values()) {
      if (entry.now != null && entry.now.firstSequence() < sequence) {
        found.add(entry.key);
      }
    }
    return found;
  }

  /// The current run; null if there is none.
  synchronized @Nullable Run find(RunKey key) throws RocksDBException {
    Entry entry = entries.get(key);
    if (entry == null && older != null) {
      entry = older.entry(key);
    }
    Run run = entry == null ? table.find(key) : entry.now;
    return run == null ? null : run.seenUntil(lastSequence(key));
  }

  /// Writes the changes to a table for ingestion. Call it only after the last [#add].
  public void write(SstFileWriter table) throws RocksDBException {
    List<RunTable.Change> changes;
    List<LastSequences.Last> last;
    synchronized (this) { // not while it writes: readers of newer changes look here too
      changes =
          entries.values().stream()
              .map(entry -> new RunTable.Change(entry.key, entry.before, entry.now))
              .toList();
      last = lastSequences.toList();
      last.removeIf(this::isInEntry);
    }
    RunTable.write(changes, last, table);
  }

  private boolean isInEntry(LastSequences.Last last) {
    Entry entry = entries.get(last.key());
    return entry != null && (entry.now == null || entry.now.lastSequence() >= last.sequence());
  }

  /// Whether there is nothing to write.
  public synchronized boolean isEmpty() {
    return lastSequences.isEmpty()
        && entries.values().stream().allMatch(entry -> entry.before == null && entry.now == null);
  }

  /// The changed runs of a list: the first `most` after a position. Read the disk after this.
  synchronized View list(RunQuery query, @Nullable RunPosition after, int most) {
    List<Placed> found = older == null ? new ArrayList<>() : older.placed(query, after, most, this);
    found.addAll(placed(query, after, most, null));
    Comparator<RunPosition> order =
        query.ascending() ? RunPosition.ASCENDING : RunPosition.ASCENDING.reversed();
    found.sort(Comparator.comparing(Placed::position, order));
    return new View(found.subList(0, Math.min(most, found.size())), this, older, made);
  }

  private synchronized List<Placed> placed(
      RunQuery query, @Nullable RunPosition after, int most, @Nullable RunChanges newer) {
    List<Placed> found = new ArrayList<>();
    for (RunStatus status : query.statuses()) {
      int left = most;
      for (var place : places.of(query, status, after).entrySet()) {
        Entry entry = place.getValue();
        if (entry.now != null
            && (newer == null || !newer.entries.containsKey(entry.key))
            && query.matches(entry.now)) {
          Run seen = entry.now.seenUntil((newer == null ? this : newer).lastSequence(entry.key));
          found.add(new Placed(place.getKey().position(), seen));
          if (--left == 0) {
            break;
          }
        }
      }
    }
    return found;
  }

  /// The changed runs of an execution or with a run id.
  ///
  /// @param hash the hash of the execution or of the run id
  synchronized View of(long hash, boolean execution) {
    List<Placed> found = new ArrayList<>();
    for (RunChanges changes = this; changes != null; changes = changes.older) {
      synchronized (changes) {
        for (Entry entry :
            (execution ? changes.byExecution : changes.byRun).getOrDefault(hash, List.of())) {
          boolean isHidden = changes != this && entries.containsKey(entry.key);
          if (entry.now != null && !isHidden) {
            Run run = entry.now.seenUntil(lastSequence(entry.key));
            found.add(new Placed(RunPosition.of(entry.key, 0), run));
          }
        }
      }
    }
    return new View(found, this, older, made);
  }

  /// A changed run and its position in a list.
  record Placed(RunPosition position, Run run) {}

  /// A snapshot of the changes.
  ///
  /// @param runs in list order
  record View(List<Placed> runs, RunChanges changes, @Nullable RunChanges older, long made) {
    /// A run on disk with its last sequence, which may be newer than the snapshot. The older layer
    /// may have been written to disk since.
    Run seen(Run stored) {
      RunKey key = RunKey.of(stored);
      Run run = stored.seenUntil(changes.lastSequence(key));
      return older == null ? run : run.seenUntil(older.lastSequence(key));
    }

    /// Whether the run on disk was out of date at the time of the snapshot.
    boolean hides(RunKey key) {
      Entry entry = changes.entry(key);
      return (entry != null && entry.number <= made) || (older != null && older.entry(key) != null);
    }
  }
}
