package io.galerne.jetstream;

import java.util.HashSet;
import java.util.Set;

/// Makes nodes that publish at full speed take turns, so that their publications do not compete for
/// the same place in the stream and get refused.
///
/// After its own commit, a node waits for the others that committed between its last two commits.
/// If no other node publishes, it does not wait. Safe for use by several threads.
final class Turns {
  /// The most nodes to wait for: the wait is bounded anyway.
  private static final int MOST_OTHERS = 16;

  private final long self;
  private Set<Long> before = Set.of();
  private Set<Long> since = new HashSet<>();

  /// @param self this node's writer id
  Turns(long self) {
    this.self = self;
  }

  /// Records a commit of the log.
  synchronized void committed(long writer) {
    if (writer == self) {
      before = since;
      since = new HashSet<>();
    } else if (since.size() < MOST_OTHERS) {
      since.add(writer);
    }
  }

  /// Returns how many other nodes should have their turn before this one.
  synchronized int awaited() {
    return (int) before.stream().filter(writer -> !since.contains(writer)).count();
  }
}
