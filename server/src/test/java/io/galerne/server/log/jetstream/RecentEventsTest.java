package io.galerne.server.log.jetstream;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.galerne.server.log.jetstream.Selected.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
  private static final Selector ANY = new Selector(new long[] {1}, List.of("LOG.event.acme.>"));
  private static final EventRecord EVENT = SampleEvent.any().record();
  private static final long PLENTY = 1L << 40;

  private static Plan plan(long head, long... segments) {
    int[] counts = LongStream.of(segments).mapToInt(_ -> 1).toArray();
    return new Plan(ANY, head, segments, counts, null);
  }

  private static List<Long> rest(@Nullable Selected events, Plan plan) {
    Selected read = requireNonNull(events);
    List<Long> sequences = new ArrayList<>();
    for (Found next = read.peek(plan); next != null; next = read.peek(plan)) {
      assertThat(read.peek(plan)).as("peeking does not pass").isSameAs(next);
      sequences.add(next.sequence());
      read.pass();
    }
    return sequences;
  }

  private static List<Long> range(long first, long last) {
    return LongStream.rangeClosed(first, last).boxed().toList();
  }

  private static RecentEvents holding(long first, long last, long mostBytes) {
    RecentEvents recent = new RecentEvents(mostBytes);
    LongStream.rangeClosed(first, last).forEach(sequence -> recent.add(sequence, EVENT));
    return recent;
  }

  @Test
  void readsFromAnyPositionToTheHeadOfThePlan() {
    RecentEvents recent = holding(1, 1_000, PLENTY);
    for (long from : new long[] {1, 2, 255, 256, 257, 512, 899, 900, 901}) {
      Plan plan = plan(900, 0);
      Selected read = recent.read(plan, from);
      assertThat(rest(read, plan)).isEqualTo(range(from, 900));
      assertThat(requireNonNull(read).end(plan)).isEqualTo(901);
    }
  }

  @Test
  void readsOnlyTheSegmentsOfThePlan() {
    RecentEvents recent = holding(4_090, 12_300, PLENTY);
    Plan plan = plan(12_290, 0, 2, 3);
    List<Long> expected = new ArrayList<>(range(4_090, 4_096));
    expected.addAll(range(8_193, 12_288));
    expected.addAll(range(12_289, 12_290));
    Selected read = recent.read(plan, 1);
    assertThat(rest(read, plan)).isEqualTo(expected);
    assertThat(requireNonNull(read).end(plan)).isEqualTo(12_291);
  }

  @Test
  void readsTheEventsThatAPlanNames() {
    RecentEvents recent = new RecentEvents(PLENTY);
    for (long sequence = 2; sequence <= 9_000; sequence += 2) {
      recent.add(sequence, EVENT);
    }
    List<Long> named = new ArrayList<>();
    for (long sequence = 2; sequence <= 9_000; sequence += 14) {
      named.add(sequence);
    }
    long[] sequences = named.stream().mapToLong(Long::longValue).toArray();
    Plan plan = new Plan(ANY, 9_000, new long[] {0, 1, 2}, new int[] {1, 1, 1}, sequences);
    assertThat(named).hasSizeGreaterThan(600);
    assertThat(rest(recent.read(plan, 1), plan)).isEqualTo(named);
    assertThat(rest(recent.read(plan, 30), plan)).isEqualTo(named.subList(2, named.size()));
    assertThat(rest(recent.read(plan, 31), plan)).isEqualTo(named.subList(3, named.size()));

    Plan odd = new Plan(ANY, 9_000, new long[] {0}, new int[] {2}, new long[] {1, 3, 4});
    assertThat(rest(recent.read(odd, 1), odd)).containsExactly(4L);
  }

  @Test
  void hasNothingForAReadThatBeginsBeforeIt() {
    RecentEvents recent = holding(4_097, 4_200, PLENTY);
    assertThat(recent.read(plan(4_200, 0, 1), 1)).isNull();
    assertThat(recent.read(plan(4_200, 1), 1)).isNotNull();
  }

  @Test
  void forgetsWholeSegmentsOnceThereIsTooMuch() {
    long threeSegments = 3L * Segment.SEQUENCES * EVENT.length();
    RecentEvents recent = holding(1, Segment.last(2), threeSegments);
    assertThat(recent.read(plan(Segment.last(2), 0), 1)).isNotNull();

    recent.add(Segment.first(3), EVENT);
    Plan plan = plan(Segment.first(3), 1, 2, 3);
    assertThat(recent.read(plan(Segment.first(3), 0), 1)).isNull();
    assertThat(rest(recent.read(plan, 1), plan)).isEqualTo(range(4_097, 12_289));
  }

  @Test
  void neverKeepsAPartOfASegment() {
    long halfASegment = Segment.SEQUENCES / 2L * EVENT.length();
    RecentEvents recent = new RecentEvents(halfASegment);
    for (long sequence = 1; sequence <= Segment.last(0); sequence++) {
      recent.add(sequence, EVENT);
      boolean fits = sequence <= Segment.SEQUENCES / 2;
      Plan plan = plan(sequence, 0);
      Selected read = recent.read(plan, 1);
      assertThat(read != null).as("at %s", sequence).isEqualTo(fits);
    }
    recent.add(Segment.first(1), EVENT);
    Plan plan = plan(Segment.first(1), 1);
    assertThat(rest(recent.read(plan, 1), plan)).containsExactly(4_097L);
  }

  @Test
  void keepsNothingWhereItMayNot() {
    RecentEvents recent = holding(1, 5_000, 0);
    assertThat(recent.read(plan(5_000, 0, 1), 1)).isNull();
    assertThat(recent.read(plan(5_000, 1), 4_097)).isNull();
  }

  @Test
  void aReadWhoseSegmentsAreForgottenMeanwhileEndsWhereItIs() {
    long[] sequences = LongStream.rangeClosed(1, 4_000).toArray();
    for (Plan plan :
        List.of(
            plan(Segment.last(1), 0, 1),
            new Plan(ANY, Segment.last(1), new long[] {0}, new int[] {4_000}, sequences))) {
      long twoSegments = 2L * Segment.SEQUENCES * EVENT.length();
      RecentEvents recent = holding(1, Segment.last(1), twoSegments);
      Selected read = requireNonNull(recent.read(plan, 1));
      assertThat(requireNonNull(read.peek(plan)).sequence()).isEqualTo(1);
      LongStream.rangeClosed(Segment.first(2), Segment.last(3))
          .forEach(sequence -> recent.add(sequence, EVENT));

      List<Long> taken = rest(read, plan);
      assertThat(taken).isNotEmpty().isEqualTo(range(1, taken.size()));
      assertThat(read.end(plan)).isEqualTo(taken.size() + 1);
    }
  }
}
