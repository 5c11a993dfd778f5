package io.galerne.server.log.store;

import java.util.List;

/// A forward-only cursor over ascending sequences.
@FunctionalInterface
interface Postings {
  /// Returned by [#next] at the end.
  long NONE = Long.MAX_VALUE;

  /// The smallest sequence at or above `from`. `from` must not decrease between calls.
  long next(long from);

  /// The union of the sets.
  static Postings union(List<Postings> sets) {
    if (sets.size() == 1) {
      return sets.getFirst();
    }
    Postings[] all = sets.toArray(Postings[]::new);
    long[] heads = new long[all.length];
    return from -> {
      long smallest = NONE;
      for (int i = 0; i < all.length; i++) {
        if (heads[i] < from) {
          heads[i] = all[i].next(from);
        }
        smallest = Math.min(smallest, heads[i]);
      }
      return smallest;
    };
  }

  /// The intersection of the sets, by a leapfrog join.
  static Postings intersection(List<Postings> sets) {
    if (sets.size() == 1) {
      return sets.getFirst();
    }
    Postings[] all = sets.toArray(Postings[]::new);
    return from -> {
      long candidate = from;
      int agreed = 0;
      for (int i = 0; agreed < all.length; i = (i + 1) % all.length) {
        long found = all[i].next(candidate);
        if (found == NONE) {
          return NONE;
        }
        agreed = found == candidate ? agreed + 1 : 1;
        candidate = found;
      }
      return candidate;
    };
  }
}
