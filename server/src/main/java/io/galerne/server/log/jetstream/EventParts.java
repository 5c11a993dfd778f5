package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts events together whose bytes come in one or several messages, one behind the other. For one
/// thread.
final class EventParts {
  private final List<StoredMessage> waiting = new ArrayList<>();
  private int completed;
  private long last;

  /// Takes the next message that has come, with its sequence: an event of which a part was deleted is
  /// none any more.
  ///
  /// @return as of [#add(StoredMessage)]
  @Nullable EventRecord add(long sequence, StoredMessage message) {
    if (sequence != last + 1) {
      waiting.clear();
    }
    last = sequence;
    return add(message);
  }

  /// Takes the next message, which follows upon the one before.
  ///
  /// @return the event that it completes; null where it completes none. What continues an event
  ///     whose beginning was not seen belongs to none
  /// @throws IllegalArgumentException where the bytes are no event
  @Nullable EventRecord add(StoredMessage message) {
    completed = 0;
    if (!message.continues()) {
      waiting.clear();
    } else if (waiting.isEmpty()) {
      return null;
    }
    if (message.continued()) {
      waiting.add(message);
      return null;
    }
    completed = waiting.size() + 1;
    if (waiting.isEmpty()) {
      return new EventRecord(message.data(), message.eventOffset(), message.eventLength());
    }
    waiting.add(message);
    int length = waiting.stream().mapToInt(StoredMessage::eventLength).sum();
    byte[] whole = new byte[length];
    int at = 0;
    for (StoredMessage part : waiting) {
      System.arraycopy(part.data(), part.eventOffset(), whole, at, part.eventLength());
      at += part.eventLength();
    }
    waiting.clear();
    return new EventRecord(whole, 0, length);
  }

  /// How many messages the event had that the last one has completed; 0 where it has completed none.
  int completed() {
    return completed;
  }

  /// Whether an event has begun of which parts are still to come.
  boolean isWaiting() {
    return !waiting.isEmpty();
  }
}
