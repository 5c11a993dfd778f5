package io.galerne.server.log.runs;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Snapshot;
import org.rocksdb.SstFileWriter;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The runs on disk, in the column family `runs`: each run and its entry in every list that
/// contains it. [RunKeys] has the table of all keys. Does not own the database; safe for use by
/// several threads.
public final class RunTable {
  /// Version of the keys and values. A store with another version rebuilds its runs.
  public static final long VERSION = 4;

  private static final byte[] NOTHING = {};

  private final RocksDB db;
  private final ColumnFamilyHandle family;
  private final KnownRuns known;

  /// @param known the number of runs that [KnownRuns] may hold
  public RunTable(RocksDB db, ColumnFamilyHandle family, int known) {
    this.db = db;
    this.family = family;
    this.known = new KnownRuns(known);
  }

  /// A change of one run.
  ///
  /// @param before the run on disk; null if it is not there
  /// @param after the new value; null to remove the run
  record Change(RunKey key, @Nullable Run before, @Nullable Run after) {}

  KnownRuns known() {
    return known;
  }

  @Nullable Run find(RunKey key) throws RocksDBException {
    byte[] first = db.get(family, RunKeys.run(key));
    if (first == null) {
      return null;
    }
    byte[] value = db.get(family, RunKeys.firstSequence(key, RunKeys.number(first)));
    return value == null ? null : read(value, db.get(family, RunKeys.lastSequence(key)));
  }

  private static Run read(byte[] value, byte @Nullable [] lastSequence) {
    Run run = RunFormat.read(value);
    return lastSequence == null ? run : run.seenUntil(RunKeys.number(lastSequence));
  }

  /// @param value null to remove the key
  private record Entry(byte[] key, byte @Nullable [] value) {}

  /// The entries of the changes, not sorted. Of several with the same key, the last one counts.
  private static List<Entry> entries(Iterable<Change> changes) {
    List<Entry> entries = new ArrayList<>();
    for (Change change : changes) {
      RunKey key = change.key();
      Run before = change.before();
      Run after = change.after();
      boolean stays = before != null && after != null && before.hasPlacesOf(after);
      if (before != null && !stays) {
        long first = before.firstSequence();
        entries.add(new Entry(RunKeys.firstSequence(key, first), null));
        entries.add(new Entry(RunKeys.run(key), null));
        entries.add(new Entry(RunKeys.execution(key, first), null));
        RunKeys.places(key, before).forEach(place -> entries.add(new Entry(place, null)));
      }
      if (after == null) {
        entries.add(new Entry(RunKeys.lastSequence(key), null));
        continue;
      }
      byte[] first = RunKeys.number(after.firstSequence());
      entries.add(
          new Entry(RunKeys.firstSequence(key, after.firstSequence()), RunFormat.write(after)));
      if (!stays) {
        entries.add(new Entry(RunKeys.run(key), first));
        entries.add(new Entry(RunKeys.execution(key, after.firstSequence()), NOTHING));
        RunKeys.places(key, after).forEach(place -> entries.add(new Entry(place, first)));
      }
    }
    return entries;
  }

  /// Writes changes to a table for ingestion.
  ///
  /// @param lastSequences those to store beside the run, as events changed nothing else
  static void write(
      Iterable<Change> changes, List<LastSequences.Last> lastSequences, SstFileWriter table)
      throws RocksDBException {
    List<Entry> entries = entries(changes);
    for (LastSequences.Last last : lastSequences) {
      byte[] sequence = RunKeys.number(last.sequence());
      entries.add(new Entry(RunKeys.lastSequence(last.key()), sequence));
    }
    entries.sort((one, other) ->
        Arrays.compareUnsigned(one.key, other.key)); // stable: the last of equal keys stays last
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (i + 1 < entries.size() && Arrays.equals(entry.key, entries.get(i + 1).key)) {
        continue;
      }
      if (entry.value == null) {
        table.delete(entry.key);
      } else {
        table.put(entry.key, entry.value);
      }
    }
  }

  /// Applies changes immediately, without a sync.
  void apply(List<Change> changes) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch();
        WriteOptions unsynced = new WriteOptions()) {
      for (Entry entry : entries(changes)) {
        if (entry.value == null) {
          batch.delete(family, entry.key);
        } else {
          batch.put(family, entry.key, entry.value);
        }
      }
      db.write(unsynced, batch);
    }
  }

  /// Removes all runs.
  public void clear() throws RocksDBException {
    known.clear();
    db.deleteRange(family, new byte[] {}, new byte[] {(byte) 0xFF});
  }

  /// Visits the runs whose oldest event is in a range of sequences, in batches of at most `most`.
  ///
  /// @param from inclusive
  /// @param to exclusive
  void forEachBeginning(long from, long to, int most, RunsVisitor visitor) throws RocksDBException {
    byte[] end = RunKeys.firstSequence(to);
    try (RocksIterator entries = db.newIterator(family)) {
      entries.seek(RunKeys.firstSequence(from));
      List<RunKey> keys = new ArrayList<>();
      while (entries.isValid() && Arrays.compareUnsigned(entries.key(), end) < 0) {
        keys.add(RunKeys.ofFirstSequence(entries.key()));
        if (keys.size() == most) {
          visitor.visit(keys);
          keys = new ArrayList<>();
        }
        entries.next();
      }
      entries.status();
      if (!keys.isEmpty()) {
        visitor.visit(keys);
      }
    }
  }

  /// Receives a batch of runs.
  @FunctionalInterface
  interface RunsVisitor {
    void visit(List<RunKey> keys) throws RocksDBException;
  }

  /// A snapshot of the runs on disk.
  View view() {
    return new View();
  }

  /// A snapshot of the runs on disk. For one read, by one thread.
  final class View implements AutoCloseable {
    private final Snapshot snapshot = db.getSnapshot();
    private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);
    private final List<RocksIterator> iterators = new ArrayList<>();

    private View() {}

    /// The run with this key and this sequence of its oldest event.
    Optional<Run> find(RunKey key, long firstSequence) throws RocksDBException {
      byte[] value = db.get(family, options, RunKeys.firstSequence(key, firstSequence));
      return value == null
          ? Optional.empty()
          : Optional.of(read(value, db.get(family, options, RunKeys.lastSequence(key))));
    }

    /// Walks a list after a position, or from its start.
    Walk walk(RunQuery query, @Nullable RunPosition after) throws RocksDBException {
      return new Walk(this, query, after);
    }

    /// Visits all runs whose id has this hash.
    void forEachRun(long namespace, long run, Consumer<Run> visitor) throws RocksDBException {
      byte[] prefix = RunKeys.runs(namespace, run);
      RocksIterator entries = iterator();
      for (entries.seek(prefix); startsWith(entries, prefix); entries.next()) {
        find(RunKeys.ofRun(entries.key()), RunKeys.number(entries.value())).ifPresent(visitor);
      }
      entries.status();
    }

    /// The wanted run of an execution whose first event is the newest.
    Optional<Run> newest(long namespace, long execution, Predicate<RunKey> wanted)
        throws RocksDBException {
      byte[] prefix = RunKeys.runsOfExecution(namespace, execution);
      RocksIterator entries = iterator();
      for (entries.seekForPrev(after(prefix)); startsWith(entries, prefix); entries.prev()) {
        RunKey key = RunKeys.ofExecution(entries.key());
        if (wanted.test(key)) {
          return find(key, RunKeys.firstSequenceOfExecution(entries.key()));
        }
      }
      entries.status();
      return Optional.empty();
    }

    private RocksIterator iterator() {
      RocksIterator iterator = db.newIterator(family, options);
      iterators.add(iterator);
      return iterator;
    }

    @Override
    public void close() {
      iterators.forEach(RocksIterator::close);
      options.close();
      db.releaseSnapshot(snapshot);
      snapshot.close();
    }
  }

  /// The positions of runs in a list, in list order: a merge over the wanted statuses.
  static final class Walk {
    private final boolean ascending;
    private final RunQuery.Times times;
    private final List<OfStatus> lists = new ArrayList<>();
    private final Comparator<RunPosition> order;

    private Walk(View view, RunQuery query, @Nullable RunPosition after) throws RocksDBException {
      this.ascending = query.ascending();
      this.times = query.sorted();
      this.order = ascending ? RunPosition.ASCENDING : RunPosition.ASCENDING.reversed();
      for (RunStatus status : query.statuses()) {
        OfStatus list = new OfStatus(view.iterator(), RunKeys.list(query, status));
        list.seek(after);
        lists.add(list);
      }
    }

    /// Peeks at the next position; null if there is none.
    @Nullable RunPosition next() {
      OfStatus first = first();
      return first == null ? null : first.position;
    }

    private @Nullable OfStatus first() {
      OfStatus first = null;
      for (OfStatus list : lists) {
        RunPosition position = list.position;
        if (position != null
            && (first == null
                || first.position == null
                || order.compare(position, first.position) < 0)) {
          first = list;
        }
      }
      return first;
    }

    /// The sequence of the oldest event of the run at the next position.
    long firstSequence() {
      return requireNonNull(first()).firstSequence;
    }

    /// Moves past the next position.
    void advance() throws RocksDBException {
      OfStatus first = first();
      if (first != null) {
        first.move();
      }
    }

    private final class OfStatus {
      private final RocksIterator entries;
      private final byte[] prefix;
      private @Nullable RunPosition position;
      private long firstSequence;

      private OfStatus(RocksIterator entries, byte[] prefix) {
        this.entries = entries;
        this.prefix = prefix;
      }

      private void seek(@Nullable RunPosition after) throws RocksDBException {
        RunPosition edge =
            ascending
                ? new RunPosition(times.from(), 0, 0)
                : new RunPosition(times.to(), -1, -1); // the greatest unsigned
        boolean passed = after != null && order.compare(after, edge) >= 0;
        byte[] target = RunKeys.place(prefix, passed && after != null ? after : edge);
        if (ascending) {
          entries.seek(target);
        } else {
          entries.seekForPrev(target);
        }
        take();
        if (passed && position != null && position.equals(after)) {
          move();
        }
      }

      private void move() throws RocksDBException {
        if (ascending) {
          entries.next();
        } else {
          entries.prev();
        }
        take();
      }

      private void take() throws RocksDBException {
        position = null;
        if (startsWith(entries, prefix)) {
          RunPosition found = RunKeys.position(entries.key());
          position = times.contains(found.nanos()) ? found : null;
          firstSequence = RunKeys.number(entries.value());
        }
      }
    }
  }

  private static boolean startsWith(RocksIterator entries, byte[] prefix) throws RocksDBException {
    if (!entries.isValid()) {
      entries.status();
      return false;
    }
    byte[] key = entries.key();
    return key.length >= prefix.length
        && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
  }

  /// A key after all keys with this prefix whose next two numbers are not all `0xFF`.
  private static byte[] after(byte[] prefix) {
    byte[] after = Arrays.copyOf(prefix, prefix.length + 2 * Long.BYTES + 1);
    Arrays.fill(after, prefix.length, after.length, (byte) 0xFF);
    return after;
  }
}
