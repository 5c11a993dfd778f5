package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.jetstream.SegmentIndex.Counted;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenBatchTest {
  private static final long MILLIS = 1_774_864_800_037L;

  private static List<String> bytes(List<EventRecord> events) {
    return events.stream().map(event -> HexFormat.of().formatHex(Logs.bytes(event))).toList();
  }

  @Test
  void isWholeOnceItsLastMessageIsThere() {
    List<StoredMessage> messages = Batches.of(new RandomEvents(1).records(3, "acme"), 100, MILLIS);
    OpenBatch batch = new OpenBatch(10, messages.getFirst());
    for (int i = 0; i < messages.size(); i++) {
      assertThat(batch.isWhole()).isFalse();
      assertThat(batch.continuesWith(10 + i, messages.get(i))).isTrue();
      batch.add(10 + i, messages.get(i));
    }
    assertThat(batch.isWhole()).isTrue();
    assertThat(batch.first()).isEqualTo(10);
  }

  @Test
  void anEventHasTheSequenceOfItsFirstMessage() {
    EventRecord small = SampleEvent.any().id("1").record();
    EventRecord large = SampleEvent.any().id("2").text("padding", "x".repeat(2_000)).record();
    EventRecord last = SampleEvent.any().id("3").record();
    List<EventRecord> events = List.of(small, large, last);
    List<StoredMessage> messages = Batches.of(events, 1_000, MILLIS);
    assertThat(messages).hasSize(5);
    OpenBatch.Whole whole = Batches.open(100, messages).whole();
    assertThat(whole.sequences()).containsExactly(100L, 101L, 104L);
    assertThat(bytes(whole.events())).isEqualTo(bytes(events));
  }

  /// A segment counts an event with all its parts where it begins, so that nobody waits for parts of
  /// an event in a segment in which none begins, or takes parts for events whose beginning is gone.
  @Test
  void countsEveryMessageOfAnEventWhereItBegins() {
    EventRecord small = SampleEvent.any().record();
    EventRecord large = SampleEvent.any().text("padding", "x".repeat(2_000)).record();
    List<StoredMessage> messages = Batches.of(List.of(small, large), 1_000, MILLIS);
    List<Counted> counted = Batches.open(4_095, messages).whole().messages();
    assertThat(counted).extracting(Counted::sequence).containsExactly(4095L, 4096L, 4096L, 4096L);
    assertThat(counted).extracting(Counted::message).isEqualTo(messages);
    assertThat(counted.get(0).keys()).isEqualTo(Subjects.keys(small));
    assertThat(counted.get(3).keys()).isEqualTo(Subjects.keys(large));
  }

  @Test
  void whatIsMissedInTheBeginningIsNotPartOfIt() {
    EventRecord large = SampleEvent.any().text("padding", "x".repeat(2_000)).record();
    EventRecord last = SampleEvent.any().record();
    List<StoredMessage> messages = Batches.of(List.of(large, last), 1_000, MILLIS);
    assertThat(messages).hasSize(4);
    for (int missed = 1; missed < messages.size(); missed++) {
      List<StoredMessage> seen = messages.subList(missed, messages.size());
      OpenBatch batch = Batches.open(50 + missed, seen);
      assertThat(batch.isWhole()).isTrue();
      OpenBatch.Whole whole = batch.whole();
      assertThat(whole.sequences()).containsExactly(53L);
      assertThat(bytes(whole.events())).isEqualTo(bytes(List.of(last)));
      assertThat(whole.messages()).extracting(Counted::sequence).containsExactly(53L);
    }
  }

  /// A fence is put up from there on, and everything behind it is deleted: it must not name what was
  /// not seen to be of the batch.
  @Test
  void beginsWithTheFirstMessageThatWasSeen() {
    List<StoredMessage> messages =
        Batches.of(new RandomEvents(1).records(5, "acme"), 1 << 20, MILLIS);
    OpenBatch batch = new OpenBatch(12, messages.get(2));
    batch.add(12, messages.get(2));
    assertThat(batch.first()).isEqualTo(12);
    batch.add(13, messages.get(3));
    assertThat(batch.first()).isEqualTo(12);
    assertThat(batch.isWhole()).isFalse();
    batch.add(14, messages.get(4));
    assertThat(batch.isWhole()).isTrue();
  }

  @Test
  void isNotContinuedByWhatIsOfAnotherBatch() {
    List<StoredMessage> messages =
        Batches.of(new RandomEvents(1).records(3, "acme"), 1 << 20, MILLIS);
    List<StoredMessage> longer =
        Batches.of(new RandomEvents(2).records(4, "acme"), 1 << 20, MILLIS);
    OpenBatch batch = new OpenBatch(10, messages.getFirst());
    batch.add(10, messages.getFirst());
    assertThat(batch.continuesWith(11, messages.get(1))).isTrue();
    assertThat(batch.continuesWith(12, messages.get(2))).as("one was deleted").isTrue();
    assertThat(batch.continuesWith(11, messages.get(2))).as("not the next").isFalse();
    assertThat(batch.continuesWith(11, messages.get(0))).as("another begins").isFalse();
    assertThat(batch.continuesWith(11, longer.get(1))).as("of another length").isFalse();
    assertThat(batch.continuesWith(10, messages.get(0))).as("the same again").isFalse();
  }

  @Test
  void refusesToPutTogetherWhatIsNoEvent() {
    EventRecord event = SampleEvent.any().record();
    List<StoredMessage> messages = new ArrayList<>(Batches.of(List.of(event), 1 << 20, MILLIS));
    messages.getFirst().data()[messages.getFirst().eventOffset()] = 99; // no such type
    OpenBatch batch = Batches.open(1, messages);
    assertThatThrownBy(batch::whole).isInstanceOf(IllegalArgumentException.class);
  }
}
