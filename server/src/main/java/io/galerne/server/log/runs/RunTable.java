package io.galerne.server.log.runs;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

/// The runs on disk, in the column family `runs`: each run, and its place in every list that it is in.
/// [RunKeys] has the table of all keys. Does not own the database; safe for use by several threads.
public final class RunTable {
  /// Of the keys and values. A store that has runs of another version derives them again.
  public static final long VERSION = 3;

  private static final byte[] NOTHING = {};

  private final RocksDB db;
  private final ColumnFamilyHandle family;

  public RunTable(RocksDB db, ColumnFamilyHandle family) {
    this.db = db;
    this.family = family;
  }

  /// What becomes of a run.
  ///
  /// @param before the run as it is on disk; null if it is not there
  /// @param after the run as it is to be; null to remove it
  record Change(RunKey key, @Nullable Run before, @Nullable Run after) {}

  @Nullable Run find(RunKey key) throws RocksDBException {
    byte[] first = db.get(family, RunKeys.run(key));
    if (first == null) {
      return null;
    }
    byte[] value = db.get(family, RunKeys.firstSequence(key, RunKeys.number(first)));
    return value == null ? null : RunFormat.read(value);
  }

  /// The entries that changes make: in the order of the keys, null for those that go.
  private static Map<byte[], byte @Nullable []> entries(Iterable<Change> changes) {
    Map<byte[], byte @Nullable []> entries = new TreeMap<>(Arrays::compareUnsigned);
    for (Change change : changes) {
      RunKey key = change.key();
      Run before = change.before();
      if (before != null) {
        long first = before.firstSequence();
        entries.put(RunKeys.firstSequence(key, first), null);
        entries.put(RunKeys.run(key), null);
        entries.put(RunKeys.execution(key, first), null);
        RunKeys.places(key, before).forEach(place -> entries.put(place, null));
      }
      Run after = change.after();
      if (after != null) {
        byte[] first = RunKeys.number(after.firstSequence());
        entries.put(RunKeys.firstSequence(key, after.firstSequence()), RunFormat.write(after));
        entries.put(RunKeys.run(key), first);
        entries.put(RunKeys.execution(key, after.firstSequence()), NOTHING);
        RunKeys.places(key, after).forEach(place -> entries.put(place, first));
      }
    }
    return entries;
  }

  /// Fills a table that the database is to take.
  static void write(Iterable<Change> changes, SstFileWriter table) throws RocksDBException {
    for (Map.Entry<byte[], byte @Nullable []> entry : entries(changes).entrySet()) {
      byte[] value = entry.getValue();
      if (value == null) {
        table.delete(entry.getKey());
      } else {
        table.put(entry.getKey(), value);
      }
    }
  }

  /// Makes changes at once, without a sync.
  void apply(List<Change> changes) throws RocksDBException {
    try (WriteBatch batch = new WriteBatch();
        WriteOptions unsynced = new WriteOptions()) {
      for (Map.Entry<byte[], byte @Nullable []> entry : entries(changes).entrySet()) {
        byte[] value = entry.getValue();
        if (value == null) {
          batch.delete(family, entry.getKey());
        } else {
          batch.put(family, entry.getKey(), value);
        }
      }
      db.write(unsynced, batch);
    }
  }

  /// Removes all runs.
  public void clear() throws RocksDBException {
    db.deleteRange(family, new byte[] {}, new byte[] {(byte) 0xFF});
  }

  /// The runs whose oldest event is in a span of sequences, a few at a time.
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

  /// Takes some runs.
  @FunctionalInterface
  interface RunsVisitor {
    void visit(List<RunKey> keys) throws RocksDBException;
  }

  /// A look at the runs as they are on disk now.
  View view() {
    return new View();
  }

  /// The runs as they were on disk when this was made. For one read, by one thread.
  final class View implements AutoCloseable {
    private final Snapshot snapshot = db.getSnapshot();
    private final ReadOptions options = new ReadOptions().setSnapshot(snapshot);
    private final List<RocksIterator> iterators = new ArrayList<>();

    private View() {}

    /// The run whose oldest event has that sequence.
    Optional<Run> find(RunKey key, long firstSequence) throws RocksDBException {
      byte[] value = db.get(family, options, RunKeys.firstSequence(key, firstSequence));
      return Optional.ofNullable(value).map(RunFormat::read);
    }

    /// Walks through a list, from after a position or from its beginning.
    Walk walk(RunQuery query, @Nullable RunPosition after) throws RocksDBException {
      return new Walk(this, query, after);
    }

    /// Visits all runs whose id has that hash.
    void forEachRun(long namespace, long run, Consumer<Run> visitor) throws RocksDBException {
      byte[] prefix = RunKeys.runs(namespace, run);
      RocksIterator entries = iterator();
      for (entries.seek(prefix); startsWith(entries, prefix); entries.next()) {
        find(RunKeys.ofRun(entries.key()), RunKeys.number(entries.value())).ifPresent(visitor);
      }
      entries.status();
    }

    /// The run of an execution whose first event is the newest, among those that are wanted.
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

  /// The places of runs in a list, in its order: those of every status that is wanted, merged.
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

    /// The next place, which stays the next until [#advance]; null if there is none.
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

    /// The sequence of the oldest event of the run at the next place.
    long firstSequence() {
      return requireNonNull(first()).firstSequence;
    }

    /// Passes the next place.
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
                : new RunPosition(times.to(), -1, -1); // the last of unsigned numbers
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

  /// A key after all that begin with the prefix and have no more than eight bytes of `0xFF` next.
  private static byte[] after(byte[] prefix) {
    byte[] after = Arrays.copyOf(prefix, prefix.length + 2 * Long.BYTES + 1);
    Arrays.fill(after, prefix.length, after.length, (byte) 0xFF);
    return after;
  }
}
