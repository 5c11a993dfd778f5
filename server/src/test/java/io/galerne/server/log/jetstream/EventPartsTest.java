package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.Seed;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EventPartsTest {
  private static final long MILLIS = 1_774_864_800_037L;

  private static List<StoredMessage> parts(EventRecord event, int partBytes) {
    return Batches.of(List.of(event), partBytes, MILLIS);
  }

  @Test
  void anEventInOneMessageIsNotCopied() {
    StoredMessage message = parts(SampleEvent.any().record(), 1 << 20).getFirst();
    EventRecord event = new EventParts().add(message);
    assertThat(event).isNotNull().extracting(EventRecord::bytes).isSameAs(message.data());
  }

  @Test
  void putsEventsTogetherToTheByteWhateverTheSizeOfTheirParts() {
    Random random = Seed.random("EventPartsTest");
    List<EventRecord> events = new RandomEvents(random.nextLong()).records(50, "acme");
    for (int partBytes : new int[] {1, 2, 17, 100, 10_000}) {
      EventParts parts = new EventParts();
      List<byte[]> whole = new ArrayList<>();
      for (StoredMessage message : Batches.of(events, partBytes, MILLIS)) {
        EventRecord event = parts.add(message);
        if (event != null) {
          whole.add(Logs.bytes(event));
        }
      }
      assertThat(whole).hasSize(events.size());
      for (int i = 0; i < whole.size(); i++) {
        assertThat(whole.get(i)).isEqualTo(Logs.bytes(events.get(i)));
      }
    }
  }

  @Test
  void partsWithoutTheirBeginningBelongToNoEvent() {
    EventRecord next = SampleEvent.any().record();
    List<StoredMessage> all = parts(SampleEvent.any().record(), 50);
    for (int missed = 1; missed < all.size(); missed++) {
      EventParts parts = new EventParts();
      for (StoredMessage message : all.subList(missed, all.size())) {
        assertThat(parts.add(message)).isNull();
      }
      EventRecord event = parts.add(parts(next, 1 << 20).getFirst());
      assertThat(event).isNotNull();
      assertThat(Logs.bytes(event)).isEqualTo(Logs.bytes(next));
    }
  }

  @Test
  void anEventThatIsTornIsForgottenWhereAnotherBegins() {
    EventParts parts = new EventParts();
    List<StoredMessage> torn = parts(SampleEvent.any().record(), 50);
    torn.subList(0, torn.size() - 1).forEach(message -> assertThat(parts.add(message)).isNull());

    EventRecord next = SampleEvent.any().record();
    EventRecord whole = null;
    for (StoredMessage message : parts(next, 50)) {
      assertThat(whole).isNull();
      whole = parts.add(message);
      assertThat(parts.isWaiting()).isEqualTo(message.continued());
    }
    assertThat(whole).isNotNull();
    assertThat(Logs.bytes(whole)).isEqualTo(Logs.bytes(next));
    assertThat(parts.add(torn.getLast())).isNull();
  }

  @Test
  void refusesBytesThatAreNoEvent() {
    EventRecord event = SampleEvent.any().record();
    byte[] cut =
        StoredMessage.write(event, IdHash.of(event), 0, event.length(), MILLIS, 0, 1).clone();
    StoredMessage whole = StoredMessage.read(cut);
    cut[whole.eventOffset()] = 99; // no such type
    assertThatThrownBy(() -> new EventParts().add(StoredMessage.read(cut)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
