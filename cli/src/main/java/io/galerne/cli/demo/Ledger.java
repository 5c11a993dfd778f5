package io.galerne.cli.demo;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.node.ObjectNode;

/// Compares the published events with those that arrived on the stream: each once, and in order.
/// Safe for use by several threads; remembers only events that have not arrived yet.
final class Ledger {
  /// More faults than these add no information.
  private static final int MOST_FAULTS = 5;

  private final Set<String> onTheirWay = new HashSet<>();
  private final List<String> faults = new ArrayList<>();
  private Tally published = Tally.NOTHING;
  private Tally seen = Tally.NOTHING;
  private long firstSequence;
  private long lastSequence;
  private boolean brokenOff;

  /// Both sides at one moment.
  ///
  /// @param faults the differences; empty if there are none
  record Balance(
      Tally published, Tally seen, long firstSequence, long lastSequence, List<String> faults) {
    boolean agrees() {
      return faults.isEmpty();
    }
  }

  /// Records events that are about to be published: before and not after, because a reader may be
  /// faster than the answer to the publisher.
  synchronized void publishing(List<ObjectNode> events) {
    for (ObjectNode json : events) {
      Event event = EventReader.event(json.toString());
      onTheirWay.add(event.eventId());
      published = published.with(event);
    }
  }

  synchronized void seen(StreamEvent event) {
    String eventId = event.data().eventId();
    if (!onTheirWay.remove(eventId)) {
      fault("event " + eventId + " came twice, or was never published");
    }
    if (event.brokerSequence() <= lastSequence) {
      fault("sequence " + event.brokerSequence() + " came after " + lastSequence);
    }
    firstSequence = firstSequence == 0 ? event.brokerSequence() : firstSequence;
    lastSequence = event.brokerSequence();
    seen = seen.with(event.data());
    notifyAll();
  }

  /// Records that no more events will arrive.
  synchronized void brokenOff(String reason) {
    fault(reason);
    brokenOff = true;
    notifyAll();
  }

  /// Waits until every published event has arrived, or until none can arrive any more.
  synchronized Balance settle(Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    long left = longest.toMillis();
    while (!onTheirWay.isEmpty() && !brokenOff && left > 0) {
      wait(left);
      left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    }
    if (!onTheirWay.isEmpty()) {
      fault(onTheirWay.size() + " events were published and never seen");
    } else if (!published.equals(seen)) {
      fault(published + " were published, but " + seen + " were seen");
    }
    return new Balance(published, seen, firstSequence, lastSequence, List.copyOf(faults));
  }

  private void fault(String fault) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(fault);
    }
  }
}
