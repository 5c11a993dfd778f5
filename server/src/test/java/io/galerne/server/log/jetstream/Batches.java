package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import java.util.ArrayList;
import java.util.List;

/// Messages as a writer makes them from events, with as small parts as a test likes.
final class Batches {
  private Batches() {}

  /// One batch of these events, cut into parts of so many bytes.
  static List<StoredMessage> of(List<EventRecord> events, int partBytes, long millis) {
    int count =
        events.stream().mapToInt(event -> (event.length() + partBytes - 1) / partBytes).sum();
    List<StoredMessage> messages = new ArrayList<>(count);
    for (EventRecord event : events) {
      for (int from = 0; from < event.length(); from += partBytes) {
        int to = Math.min(event.length(), from + partBytes);
        byte[] data =
            StoredMessage.write(event, IdHash.of(event), from, to, millis, messages.size(), count);
        messages.add(StoredMessage.read(data));
      }
    }
    return messages;
  }

  /// A batch whose messages have all come, the first of them with this sequence.
  static OpenBatch open(long first, List<StoredMessage> messages) {
    OpenBatch batch = new OpenBatch(first, messages.getFirst());
    for (int i = 0; i < messages.size(); i++) {
      batch.add(first + i, messages.get(i));
    }
    return batch;
  }
}
