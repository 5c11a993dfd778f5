package io.galerne.server.log.runs;

import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The places of runs in lists by start and by end, in memory. Not safe for use by several threads.
///
/// @param <V> the type of the value that is stored for a run
final class RunPlaces<V> {
  private final NavigableMap<Place, V> byStart = new TreeMap<>(Place.ORDER);
  private final NavigableMap<Place, V> byEnd = new TreeMap<>(Place.ORDER);

  /// A position among the runs of all namespaces.
  record Place(long namespace, RunStatus status, RunPosition position) {
    private static final Comparator<Place> ORDER =
        Comparator.comparingLong(Place::namespace)
            .thenComparing(Place::status)
            .thenComparing(Place::position, RunPosition.ASCENDING);

    private static Place of(RunKey key, Run run, long nanos) {
      return new Place(key.namespace(), run.status(), RunPosition.of(key, nanos));
    }
  }

  void add(RunKey key, Run run, V value) {
    byStart.put(Place.of(key, run, run.startNanos()), value);
    if (run.isOver()) {
      byEnd.put(Place.of(key, run, run.endNanos()), value);
    }
  }

  void remove(RunKey key, Run run) {
    byStart.remove(Place.of(key, run, run.startNanos()));
    if (run.isOver()) {
      byEnd.remove(Place.of(key, run, run.endNanos()));
    }
  }

  /// The places of a status that can match a query, in its order.
  ///
  /// @param after exclusive; null for all
  Map<Place, V> of(RunQuery query, RunStatus status, @Nullable RunPosition after) {
    NavigableMap<Place, V> places = query.sort() == RunQuery.Sort.START_TIME ? byStart : byEnd;
    long namespace = RunKey.namespace(query.namespace());
    RunPosition first = new RunPosition(query.sorted().from(), 0, 0);
    RunPosition last = new RunPosition(query.sorted().to(), -1, -1); // the greatest unsigned
    Place low = new Place(namespace, status, first);
    Place high = new Place(namespace, status, last);
    NavigableMap<Place, V> span = places.subMap(low, true, high, true);
    span = query.ascending() ? span : span.descendingMap();
    if (after == null) {
      return span;
    }
    boolean isBefore = RunPosition.ASCENDING.compare(after, first) < 0;
    boolean isAfter = RunPosition.ASCENDING.compare(after, last) > 0;
    if (query.ascending() ? isAfter : isBefore) {
      return Collections.emptyNavigableMap();
    }
    return isBefore || isAfter ? span : span.tailMap(new Place(namespace, status, after), false);
  }
}
