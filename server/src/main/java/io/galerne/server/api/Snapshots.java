package io.galerne.server.api;

import io.galerne.server.live.Snapshot;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.runs.TaskSnapshot;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.function.BooleanSupplier;

/// Creates the snapshots that execution streams begin with, if there is memory for them: streams
/// whose readers stall keep theirs. Thread-safe.
final class Snapshots {
  private static final long MOST_BYTES = Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 8);

  private final EventLog log;

  /// The snapshots that streams may still need.
  private final Set<Snapshot> open = Collections.newSetFromMap(new WeakHashMap<>());

  Snapshots(EventLog log) {
    this.log = log;
  }

  /// The snapshot of an execution up to a sequence; empty if it is too large or memory is short, so
  /// the reader needs a replay.
  ///
  /// @param after the last sequence that the reader has seen; 0 for none
  Optional<Snapshot> of(Run newest, long after, long to, BooleanSupplier abandoned) {
    return TaskSnapshot.of(log, newest, after, to, abandoned)
        .map(events -> new Snapshot(events, to))
        .filter(this::fits);
  }

  private synchronized boolean fits(Snapshot snapshot) {
    long taken = open.stream().mapToLong(Snapshot::bytes).sum();
    return taken + snapshot.bytes() <= MOST_BYTES && open.add(snapshot);
  }
}
