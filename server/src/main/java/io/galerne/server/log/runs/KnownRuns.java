package io.galerne.server.log.runs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A bounded cache of runs that exist, in memory or on disk. An event that changes only the last
/// sequence of a known run is folded in without reading the run. It is asked once for each run in
/// each [RunChanges], not for each event: [LastSequences] answers the rest.
///
/// Safe for use by several threads.
final class KnownRuns {
  private final int most;

  /// Whether an activity of the run is being retried, by run; the least recently used first.
  private final Map<RunKey, Boolean> runs =
      new LinkedHashMap<>(1024, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<RunKey, Boolean> eldest) {
          return size() > most;
        }
      };

  /// @param most the number of runs, of about 90 bytes each. Events of other runs read their run from
  ///     disk
  KnownRuns(int most) {
    this.most = most;
  }

  /// Whether an activity of the run is being retried; null if the run is unknown.
  synchronized @Nullable Boolean retrying(RunKey key) {
    return runs.get(key);
  }

  /// Remembers the current state of a run.
  ///
  /// @param run null if it no longer exists
  synchronized void put(RunKey key, @Nullable Run run) {
    if (run == null) {
      runs.remove(key);
    } else {
      runs.put(key, run.isRetrying());
    }
  }

  synchronized void clear() {
    runs.clear();
  }
}
