package io.galerne.server.log.runs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The runs of the latest events, which exist in memory or on disk: an event that changes nothing of
/// such a run but its last sequence is folded in without a look at the run.
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

  /// @param most runs, of about 90 bytes each. If more are under way, events read theirs from disk
  KnownRuns(int most) {
    this.most = most;
  }

  /// Whether an activity of the run is being retried; null if the run is not known.
  synchronized @Nullable Boolean retrying(RunKey key) {
    return runs.get(key);
  }

  /// Notes what has become of a run.
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
