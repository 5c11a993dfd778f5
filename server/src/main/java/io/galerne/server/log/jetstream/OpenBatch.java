package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.jetstream.SegmentIndex.Counted;
import java.util.ArrayList;
import java.util.List;

/// A batch whose messages are coming in. What is missing between them was deleted since: a batch is
/// stored in one piece, or only its beginning is. For one thread.
final class OpenBatch {
  private final long first;
  private final int count;
  private final long millis;
  private final List<Part> parts = new ArrayList<>();
  private long last;

  private record Part(long sequence, StoredMessage message) {}

  /// What a whole batch comes to.
  ///
  /// @param messages all of its messages, for the index
  /// @param sequences of its events
  /// @param events as many as sequences
  record Whole(List<Counted> messages, List<Long> sequences, List<EventRecord> events) {}

  /// @param sequence of the first message that is there
  OpenBatch(long sequence, StoredMessage message) {
    this.first = sequence - message.place();
    this.count = message.count();
    this.millis = message.millis();
    this.last = sequence - 1;
  }

  /// Whether this message is of the batch, and behind those that came.
  boolean continuesWith(long sequence, StoredMessage message) {
    return sequence > last
        && message.count() == count
        && message.millis() == millis
        && sequence - message.place() == first;
  }

  void add(long sequence, StoredMessage message) {
    parts.add(new Part(sequence, message));
    last = sequence;
  }

  /// The sequence of its first message that was seen.
  long first() {
    return parts.getFirst().sequence();
  }

  boolean isWhole() {
    return last == end();
  }

  /// The sequence of its last message.
  long end() {
    return first + count - 1;
  }

  /// Puts its events together.
  ///
  /// @throws IllegalArgumentException where messages hold no events
  Whole whole() {
    List<Counted> messages = new ArrayList<>(parts.size());
    List<Long> sequences = new ArrayList<>(parts.size());
    List<EventRecord> events = new ArrayList<>(parts.size());
    EventParts event = new EventParts();
    int begin = 0;
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (!part.message().continues()) {
        begin = i;
      }
      EventRecord record = event.add(part.sequence(), part.message());
      if (record != null) {
        sequences.add(parts.get(begin).sequence());
        events.add(record);
        long[] keys = Subjects.keys(record);
        for (Part each : parts.subList(begin, i + 1)) {
          messages.add(new Counted(parts.get(begin).sequence(), keys, each.message()));
        }
      }
    }
    return new Whole(messages, sequences, events);
  }
}
