package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.Seed;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.galerne.server.log.jetstream.SegmentIndex.Sealed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SegmentIndexTest {
  private static final Subjects SUBJECTS = new Subjects("LOG");
  private static final Duration WINDOW = Duration.ofHours(1);
  private static final long MILLIS = 1_774_864_800_037L;
  private static final EventFilter ALL = EventFilter.in("acme").build();

  private final SegmentIndex index = new SegmentIndex(WINDOW);

  private void append(long sequence, EventRecord event) {
    append(sequence, List.of(event), 1 << 20);
  }

  private void append(long sequence, List<EventRecord> events, int partBytes) {
    index.add(Batches.open(sequence, Batches.of(events, partBytes, MILLIS)).whole().messages());
  }

  private Plan plan(EventFilter filter, long from) {
    return index.plan(SUBJECTS.selectors(filter, true), from);
  }

  private static SampleEvent event() {
    return SampleEvent.any();
  }

  @Test
  void anIndexOfNothingPlansNothing() {
    assertThat(index.head()).isZero();
    assertThat(plan(ALL, 1).segments()).isEmpty();
    assertThat(plan(ALL, 1).countFrom(0)).isZero();
  }

  @Test
  void theHeadOfALogThatHoldsNothingOnlyMovesForwards() {
    index.begin(500);
    assertThat(index.head()).isEqualTo(500);
    index.begin(400);
    assertThat(index.head()).isEqualTo(500);
    append(501, event().record("acme"));
    assertThat(index.head()).isEqualTo(501);
  }

  @Test
  void aPlanCountsWhatItsSelectorSelectsInEachSegment() {
    append(10, event().record("acme"));
    append(11, event().record("other"));
    append(4_096, event().record("acme"));
    append(4_097, event().record("other"));
    append(8_193, event().record("acme"));
    Plan plan = plan(ALL, 1);
    assertThat(plan.last()).isEqualTo(8_193);
    assertThat(plan.segments()).containsExactly(0, 2);
    assertThat(plan.counts()).containsExactly(2, 1);
    assertThat(plan.count(0)).isEqualTo(2);
    assertThat(plan.count(1)).isZero();
    assertThat(plan.count(2)).isEqualTo(1);
    assertThat(plan.countFrom(0)).isEqualTo(3);
    assertThat(plan.countFrom(1)).isEqualTo(1);
    assertThat(plan.countFrom(3)).isZero();
  }

  @Test
  void aPlanBeginsWithTheSegmentOfItsPosition() {
    append(1, event().record("acme"));
    append(4_097, event().record("acme"));
    assertThat(plan(ALL, 4_096).segments()).containsExactly(0, 1);
    assertThat(plan(ALL, 4_097).segments()).containsExactly(1);
    assertThat(plan(ALL, 8_192).segments()).containsExactly(1);
    assertThat(plan(ALL, 8_193).segments()).isEmpty();
  }

  @Test
  void theSelectorThatSelectsTheLeastIsChosen() {
    for (int i = 1; i <= 20; i++) {
      append(i, event().exec("e" + i % 2).workflow("w" + i % 10).record("acme"));
    }
    EventFilter filter =
        EventFilter.in("acme")
            .where(Field.WORKFLOW_EXEC_ID, "e1")
            .where(Field.WORKFLOW_NAME, "w3")
            .build();
    Plan plan = plan(filter, 1);
    assertThat(plan.selector().patterns()).containsExactly("LOG.event.acme.*.*.*.w3.*.*");
    assertThat(plan.countFrom(0)).isEqualTo(2);
  }

  @Test
  void whatIsLeastCountsFromThePositionOn() {
    for (int i = 1; i <= 10; i++) {
      append(i, event().exec("e").workflow("other").record("acme"));
    }
    append(4_097, event().exec("e").workflow("w").record("acme"));
    append(4_098, event().exec("other").workflow("w").record("acme"));
    EventFilter filter =
        EventFilter.in("acme")
            .where(Field.WORKFLOW_EXEC_ID, "e")
            .where(Field.WORKFLOW_NAME, "w")
            .build();
    assertThat(plan(filter, 1).selector().patterns()).containsExactly("LOG.event.acme.*.*.*.w.*.*");
    assertThat(plan(filter, 4_097).selector().patterns())
        .containsExactly("LOG.event.acme.e.*.*.*.*.*");
  }

  @Test
  void whatMatchesNothingIsPlannedAsNothing() {
    append(1, event().record("acme"));
    EventFilter filter = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "none").build();
    assertThat(plan(filter, 1).segments()).isEmpty();
    assertThat(plan(EventFilter.in("none").build(), 1).segments()).isEmpty();
  }

  @Test
  void anEventInSeveralMessagesCountsThemAllWhereItBegins() {
    EventRecord large = event().text("padding", "x".repeat(2_000)).record("acme");
    append(4_095, List.of(event().record("acme"), large), 1_000);
    Plan plan = plan(ALL, 1);
    assertThat(plan.segments()).containsExactly(0);
    assertThat(plan.counts()).containsExactly(4);
    assertThat(index.head()).isEqualTo(4_096);
    append(4_099, event().record("acme"));
    assertThat(plan(ALL, 1).counts()).containsExactly(4, 1);
  }

  @Test
  void namesTheSequencesOfEventsThatAreFew() {
    EventRecord large = event().exec("e").text("padding", "x".repeat(2_000)).record("acme");
    append(10, List.of(event().exec("e").record("acme"), large), 1_000);
    append(20, event().exec("other").record("acme"));
    append(8_193, event().exec("e").record("acme"));
    EventFilter filter = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "e").build();
    assertThat(plan(filter, 1).sequences()).containsExactly(10, 11, 8_193);
    assertThat(plan(filter, 11).sequences()).containsExactly(11, 8_193);
    assertThat(plan(filter, 12).sequences()).containsExactly(8_193);
    assertThat(plan(filter, 8_194).sequences()).isEmpty();
    assertThat(plan(filter, 1).last()).isEqualTo(8_193);
  }

  @Test
  void eventsOfSeveralTypesComeInTheirOrder() {
    append(1, SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).record("acme"));
    append(2, SampleEvent.of(EventType.WORKFLOW_EXECUTION_COMPLETED).record("acme"));
    append(3, SampleEvent.of(EventType.WORKFLOW_EXECUTION_FAILED).record("acme"));
    append(4, SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).record("acme"));
    EventFilter filter =
        EventFilter.in("acme")
            .types(
                EnumSet.of(
                    EventType.WORKFLOW_EXECUTION_STARTED, EventType.WORKFLOW_EXECUTION_COMPLETED))
            .build();
    assertThat(plan(filter, 1).sequences()).containsExactly(1, 2, 4);
  }

  @Test
  void aPlanEndsWhereFewBecomeMany() {
    for (long segment : new long[] {0, 1, 3}) {
      for (int i = 0; i < Tally.FEW; i++) {
        append(Segment.first(segment) + i, event().record("acme"));
      }
    }
    append(Segment.first(3) + Tally.FEW, event().record("acme"));
    append(20_480, event().record("acme"));

    Plan few = plan(ALL, 1);
    assertThat(few.segments()).containsExactly(0, 1);
    assertThat(few.sequences()).hasSize(2 * Tally.FEW);
    assertThat(few.last()).isEqualTo(12_288);
    Plan many = plan(ALL, few.last() + 1);
    assertThat(many.segments()).containsExactly(3);
    assertThat(many.sequences()).isNull();
    assertThat(many.countFrom(0)).isEqualTo(Tally.FEW + 1);
    assertThat(many.last()).isEqualTo(Segment.first(4) - 1);
    Plan rest = plan(ALL, many.last() + 1);
    assertThat(rest.sequences()).containsExactly(20_480);
    assertThat(rest.last()).isEqualTo(index.head());
  }

  @Test
  void aPlanNamesFewEventsAtATime() {
    for (long segment = 0; segment < 300; segment++) {
      for (int i = 0; i < Tally.FEW; i++) {
        append(Segment.first(segment) + i, event().record("acme"));
      }
    }
    List<Long> named = new ArrayList<>();
    for (long from = 1; from <= index.head(); ) {
      Plan plan = plan(ALL, from);
      long[] sequences = requireNonNull(plan.sequences());
      assertThat(sequences).hasSizeLessThan(5_000);
      LongStream.of(sequences).forEach(named::add);
      from = plan.last() + 1;
    }
    assertThat(named).hasSize(300 * Tally.FEW).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void findsTheSequenceWhereAnEventBegins() {
    EventRecord small = event().record("acme");
    EventRecord large = event().text("padding", "x".repeat(2_000)).record("acme");
    append(7, List.of(large, small), 1_000);
    assertThat(index.find(IdHash.of(large))).isEqualTo(7);
    assertThat(index.find(IdHash.of(small))).isEqualTo(10);
    assertThat(index.find(IdHash.of(event().record("acme")))).isEqualTo(RecentIds.UNKNOWN);
    assertThat(index.lastMillis()).isEqualTo(MILLIS);
  }

  @Test
  void aSegmentIsToBePublishedOnceItIsComplete() {
    append(1, event().record("acme"));
    append(4_095, event().record("acme"));
    assertThat(index.nextToPublish()).isNull();
    append(4_096, event().record("acme"));
    Sealed sealed = requireNonNull(index.nextToPublish());
    assertThat(sealed.number()).isZero();
    assertThat(index.nextToPublish()).as("until it has been published").isSameAs(sealed);
    index.published(sealed);
    assertThat(index.nextToPublish()).isNull();
  }

  @Test
  void aSegmentIsOneMessageOfTheSmallestServersAlsoWhereNoValueComesTwice() {
    for (int i = 1; i <= Segment.SEQUENCES; i++) {
      append(
          i,
          event()
              .id("e" + i)
              .exec("x" + i)
              .root("r" + i)
              .parent("p" + i)
              .workflow("w" + i)
              .record("n" + i));
    }
    int bytes = requireNonNull(index.nextToPublish()).data().length;
    assertThat((long) bytes).isBetween(StreamSetup.LEAST_PAYLOAD / 2, StreamSetup.LEAST_PAYLOAD);
  }

  /// Where the cluster takes none: what is left out is published by a node that starts later.
  @Test
  void keepsSoManyToPublishAndNoMore() {
    for (long segment = 0; segment < 200; segment++) {
      append(Segment.first(segment), event().record("acme"));
    }
    List<Long> kept = new ArrayList<>();
    for (Sealed next = index.nextToPublish(); next != null; next = index.nextToPublish()) {
      kept.add(next.number());
      index.published(next);
    }
    assertThat(kept).isEqualTo(LongStream.range(0, 128).boxed().toList());
    append(Segment.first(200), event().record("acme"));
    assertThat(requireNonNull(index.nextToPublish()).number()).isEqualTo(199);
    assertThat(plan(ALL, 1).segments()).hasSize(201);
  }

  @Test
  void segmentsInWhichNothingBeginsAreLeftOut() {
    append(1, event().record("acme"));
    append(20_000, event().record("acme"));
    assertThat(requireNonNull(index.nextToPublish()).number()).isZero();
    assertThat(plan(ALL, 1).segments()).containsExactly(0, 4);
  }

  @Test
  void dropsWhatIsBeforeASegment() {
    for (long segment = 0; segment < 4; segment++) {
      append(Segment.first(segment), event().record("acme"));
    }
    assertThat(index.before(0)).isEmpty();
    assertThat(index.before(2)).containsExactly(0L, 1L);
    index.before(2).forEach(index::drop);
    assertThat(index.before(2)).isEmpty();
    assertThat(plan(ALL, 1).segments()).containsExactly(2, 3);
    assertThat(index.head()).isEqualTo(Segment.first(3));
  }

  @Test
  void anIndexThatIsReadPlansAsTheOneThatWasWritten() {
    Random random = Seed.random("anIndexThatIsReadPlansAsTheOneThatWasWritten");
    RandomEvents events = new RandomEvents(random.nextLong());
    List<EventRecord> appended = new ArrayList<>();
    Map<Long, byte[]> published = new TreeMap<>();
    long sequence = 1;
    while (index.head() < Segment.first(3)) {
      List<EventRecord> batch = events.records(1 + random.nextInt(20), "acme");
      List<StoredMessage> messages = Batches.of(batch, 200 + random.nextInt(1_000), MILLIS);
      index.add(Batches.open(sequence, messages).whole().messages());
      sequence += messages.size();
      appended.addAll(batch);
    }
    for (Sealed next = index.nextToPublish(); next != null; next = index.nextToPublish()) {
      published.put(next.number(), next.data());
      index.published(next);
    }
    SegmentIndex other = new SegmentIndex(WINDOW);
    published.forEach(other::add);
    assertThat(published.keySet()).containsExactly(0L, 1L, 2L);
    assertThat(other.head()).isEqualTo(Segment.last(2));
    assertThat(other.lastMillis()).isEqualTo(MILLIS);
    assertThat(other.nextToPublish()).isNull();

    for (String exec : RandomEvents.TEXTS) {
      EventFilter filter = EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, exec).build();
      Plan written = plan(filter, 1);
      Plan read = other.plan(SUBJECTS.selectors(filter, true), 1);
      for (long segment = 0; segment < 3; segment++) {
        assertThat(read.count(segment)).isEqualTo(written.count(segment));
      }
    }
    for (EventRecord event : appended) {
      long known = index.find(IdHash.of(event));
      long expected = known < Segment.first(3) ? known : RecentIds.UNKNOWN;
      assertThat(other.find(IdHash.of(event))).isEqualTo(expected);
    }
  }
}
