package io.galerne.server.log.store;

import java.util.List;

/// A set of sequences in ascending order, walked through forwards only.
@FunctionalInterface
interface Postings {
  /// What [#next] returns if nothing follows.
  long NONE = Long.MAX_VALUE;

  /// The smallest sequence of the set that is not below `from`. Each call's `from` is not below the
  /// one before.
  long next(long from);

  /// What is in any of the sets.
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

  /// What is in all of the sets: each leaps to where the others are.
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
