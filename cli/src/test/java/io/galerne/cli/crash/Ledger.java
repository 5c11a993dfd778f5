package io.galerne.cli.crash;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/// Everything that clients received: the sequence of each event, and the answered events. Safe for
/// use by several threads.
final class Ledger {
  private final Map<String, Long> sequences = new HashMap<>();
  private final Map<Long, String> events = new HashMap<>();
  private final Set<String> answered = new HashSet<>();
  private final List<String> faults = new CopyOnWriteArrayList<>();
  private long highest;

  /// Records that a client received the sequence of an event.
  synchronized void received(String who, String event, long sequence) {
    Long known = sequences.putIfAbsent(event, sequence);
    if (known != null && known != sequence) {
      faults.add(who + " received " + sequence + " for " + event + ", which had " + known);
    }
    String other = events.putIfAbsent(sequence, event);
    if (other != null && !other.equals(event)) {
      faults.add(who + " received " + sequence + " for " + event + ", which is of " + other);
    }
    highest = Math.max(highest, sequence);
  }

  /// Records that publishing an event was answered.
  synchronized void answered(String event) {
    answered.add(event);
    notifyAll();
  }

  synchronized int answers() {
    return answered.size();
  }

  /// Waits until `count` events were answered.
  synchronized void awaitAnswers(int count) throws InterruptedException {
    while (answered.size() < count) {
      wait();
    }
  }

  synchronized List<String> allAnswered() {
    return List.copyOf(answered);
  }

  /// Returns the highest sequence that any client received.
  synchronized long highest() {
    return highest;
  }

  /// Returns the contradictions.
  List<String> faults() {
    return faults;
  }
}
