package io.galerne.server.log.runs;

import java.util.Comparator;

/// The position of a run in a list: the time that the list is sorted by, then two hashes as
/// tie-breakers. It stays valid while other runs start and end.
///
/// @param nanos nanoseconds since 1970
public record RunPosition(long nanos, long run, long execution) {
  static final Comparator<RunPosition> ASCENDING =
      (one, other) -> {
        int order = Long.compare(one.nanos, other.nanos);
        order = order != 0 ? order : Long.compareUnsigned(one.run, other.run);
        return order != 0 ? order : Long.compareUnsigned(one.execution, other.execution);
      };

  static RunPosition of(RunKey key, long nanos) {
    return new RunPosition(nanos, key.run(), key.execution());
  }
}
