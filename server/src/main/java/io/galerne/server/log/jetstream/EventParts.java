package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts events together whose bytes come in one or several messages, one behind the other. For one
/// thread.
final class EventParts {
  private final List<StoredMessage> waiting = new ArrayList<>();

  /// Takes the next message.
  ///
  /// @return the event that it completes; null where it completes none. What continues an event
  ///     whose beginning was not seen belongs to none
  /// @throws IllegalArgumentException where the bytes are no event
  @Nullable EventRecord add(StoredMessage message) {
    if (!message.continues()) {
      waiting.clear();
    } else if (waiting.isEmpty()) {
      return null;
    }
    if (message.continued()) {
      waiting.add(message);
      return null;
    }
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

  /// Whether an event has begun of which parts are still to come.
  boolean isWaiting() {
    return !waiting.isEmpty();
  }
}
