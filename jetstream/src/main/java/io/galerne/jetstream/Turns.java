package io.galerne.jetstream;

import java.util.HashSet;
import java.util.Set;

/// Lets nodes that publish at full speed against each other take turns, so that they do not all send
/// the same place in the stream most of the time and have it refused.
///
/// After its own commit, a node waits for those others that got a commit in between its last two. While
/// nobody else publishes, nothing is waited for. Safe for use by several threads.
final class Turns {
  /// More nodes than that need not be waited for: the wait is bounded anyway.
  private static final int MOST_OTHERS = 16;

  private final long self;
  private Set<Long> before = Set.of();
  private Set<Long> since = new HashSet<>();

  /// @param self this node's writer id
  Turns(long self) {
    this.self = self;
  }

  /// Notes a commit of the log.
  synchronized void committed(long writer) {
    if (writer == self) {
      before = since;
      since = new HashSet<>();
    } else if (since.size() < MOST_OTHERS) {
      since.add(writer);
    }
  }

  /// How many others should have their turn before this node.
  synchronized int awaited() {
    return (int) before.stream().filter(writer -> !since.contains(writer)).count();
  }
}
