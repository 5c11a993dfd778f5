package io.galerne.server.log.jetstream;

import io.galerne.server.log.IdHash;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where in the stream there is how much of what: so that a reader asks for the few events that it wants
/// one by one, or begins where the first match is, knows when it has all of them, and notices when some
/// are missing. Covers everything up to the head,
/// which moves here, and the ids that were stored lately.
///
/// Safe for use by several threads: `Follower` adds, anyone asks.
final class SegmentIndex {
  /// How many events a plan names one by one, and some.
  private static final int MOST_SEQUENCES = 4096;

  /// How many segments wait to be published. One that is left out costs only time: a node that starts
  /// reads the log from there on, and publishes what it finds.
  private static final int MOST_TO_PUBLISH = 128;

  private static final Logger log = LoggerFactory.getLogger(SegmentIndex.class);

  private final TreeMap<Long, Segment> complete = new TreeMap<>();
  private final RecentIds ids;
  private final ArrayDeque<Sealed> toPublish = new ArrayDeque<>();

  /// Whether segments were left out of `toPublish`, since it last had room.
  private boolean leftOut;

  /// Segments beyond the last complete one: all but the last are complete once the head has passed
  /// them.
  private final ArrayDeque<Segment.Builder> growing = new ArrayDeque<>();

  private long head;
  private long lastMillis;

  /// A segment that has just become complete.
  record Sealed(long number, byte[] data) {}

  /// The messages that a selector selects, from a position on: a stretch in which they are few, or one
  /// in which they are many.
  ///
  /// @param last the last sequence that is planned for; before the head where another stretch follows
  /// @param segments those that have any, ascending
  /// @param counts how many each has
  /// @param sequences where each event begins, ascending, where they are few; null where they are many
  record Plan(
      Selector selector, long last, long[] segments, int[] counts, long @Nullable [] sequences) {
    /// How many there are in a segment.
    int count(long segment) {
      int at = Arrays.binarySearch(segments, segment);
      return at < 0 ? 0 : counts[at];
    }

    /// How many there are from a segment on.
    long countFrom(long segment) {
      long sum = 0;
      for (int i = segments.length - 1; i >= 0 && segments[i] >= segment; i--) {
        sum += counts[i];
      }
      return sum;
    }
  }

  SegmentIndex(Duration repeatWindow) {
    this.ids = new RecentIds(repeatWindow);
  }

  /// Adds a segment as it was published, and moves the head to its end.
  synchronized void add(long number, byte[] data) {
    List<IdHash> found = new ArrayList<>();
    List<Long> sequences = new ArrayList<>();
    Segment segment =
        Segment.read(
            number,
            data,
            (id, sequence) -> {
              found.add(id);
              sequences.add(sequence);
            });
    complete.put(number, segment);
    for (int i = 0; i < found.size(); i++) {
      ids.add(found.get(i), sequences.get(i), segment.millis());
    }
    head = Segment.last(number);
    lastMillis = segment.millis();
  }

  /// A message that is to be counted.
  ///
  /// @param sequence where its event begins: an event counts as a whole in the segment in which it
  ///     begins, so that parts whose beginning has expired are never waited for
  record Counted(long sequence, long[] keys, StoredMessage message) {}

  /// Counts the messages of a batch, notes the events that begin with them, and moves the head to the
  /// last event.
  synchronized void add(List<Counted> batch) {
    for (Counted counted : batch) {
      StoredMessage message = counted.message();
      Segment.Builder segment = growing(Segment.of(counted.sequence()));
      segment.add(counted.keys(), counted.sequence(), message.millis());
      if (!message.continues()) {
        segment.add(message.id(), counted.sequence());
        ids.add(message.id(), counted.sequence(), message.millis());
      }
      head = counted.sequence();
      lastMillis = message.millis();
    }
    while (!growing.isEmpty() && Segment.last(growing.getFirst().number()) <= head) {
      Segment.Builder finished = growing.removeFirst();
      Segment segment = finished.build();
      complete.put(finished.number(), segment);
      publishLater(finished, segment);
    }
  }

  private void publishLater(Segment.Builder finished, Segment segment) {
    if (toPublish.size() < MOST_TO_PUBLISH) {
      leftOut = false;
      toPublish.add(new Sealed(finished.number(), finished.write(segment)));
    } else if (!leftOut) {
      leftOut = true;
      log.warn(
          "The index is not stored from sequence {} on, as the cluster does not take it: a node that"
              + " starts will read the log from there, and store it then",
          Segment.first(finished.number()));
    }
  }

  private Segment.Builder growing(long number) {
    if (growing.isEmpty() || growing.getLast().number() < number) {
      growing.addLast(new Segment.Builder(number));
    }
    return growing.getLast();
  }

  /// Moves the head of a log that holds nothing.
  synchronized void begin(long sequence) {
    head = Math.max(head, sequence);
  }

  /// The highest sequence that can be read.
  synchronized long head() {
    return head;
  }

  /// When the last message was appended; never before an earlier one.
  synchronized long lastMillis() {
    return lastMillis;
  }

  /// The sequence of the event with this id; [RecentIds#UNKNOWN] where none was stored lately.
  synchronized long find(IdHash id) {
    return ids.find(id);
  }

  /// The oldest segment that became complete here and was not published yet; null where there is none.
  synchronized @Nullable Sealed nextToPublish() {
    return toPublish.peek();
  }

  synchronized void published(Sealed segment) {
    toPublish.remove(segment);
  }

  /// The numbers of the segments before this one.
  synchronized List<Long> before(long number) {
    return List.copyOf(complete.headMap(number).keySet());
  }

  /// Forgets a segment.
  synchronized void drop(long number) {
    complete.remove(number);
  }

  /// Chooses the selector that selects the least from the segment of a position on, and plans the first
  /// stretch of that.
  ///
  /// @param from the position, inclusive
  synchronized Plan plan(List<Selector> selectors, long from) {
    List<Tally> tallies = new ArrayList<>(complete.tailMap(Segment.of(from)).values());
    growing.stream().filter(tally -> tally.number() >= Segment.of(from)).forEach(tallies::add);
    Selector best = selectors.getFirst();
    List<Part> least = parts(best, tallies);
    for (Selector other : selectors.subList(1, selectors.size())) {
      List<Part> parts = parts(other, tallies);
      if (total(parts) < total(least)) {
        best = other;
        least = parts;
      }
    }
    return stretch(best, least, from);
  }

  /// How much a selector selects in one segment.
  private record Part(Tally tally, int count) {
    boolean isFew() {
      return count <= Tally.FEW;
    }
  }

  private static List<Part> parts(Selector selector, List<Tally> tallies) {
    List<Part> parts = new ArrayList<>();
    for (Tally tally : tallies) {
      int count = 0;
      for (long key : selector.keys()) {
        count += tally.count(key);
      }
      if (count > 0) {
        parts.add(new Part(tally, count));
      }
    }
    return parts;
  }

  private static long total(List<Part> parts) {
    return parts.stream().mapToLong(Part::count).sum();
  }

  private Plan stretch(Selector selector, List<Part> all, long from) {
    if (all.isEmpty()) {
      return new Plan(selector, head, new long[0], new int[0], null);
    }
    boolean few = all.getFirst().isFew();
    int end = 0;
    int total = 0;
    while (end < all.size() && all.get(end).isFew() == few && (!few || total < MOST_SEQUENCES)) {
      total += all.get(end++).count();
    }
    List<Part> parts = all.subList(0, end);
    return new Plan(
        selector,
        end == all.size() ? head : Segment.first(all.get(end).tally().number()) - 1,
        parts.stream().mapToLong(part -> part.tally().number()).toArray(),
        parts.stream().mapToInt(Part::count).toArray(),
        few ? sequences(selector, parts, from) : null);
  }

  private static long[] sequences(Selector selector, List<Part> parts, long from) {
    return parts.stream()
        .flatMapToLong(part -> LongStream.of(selector.keys()).flatMap(part.tally()::sequences))
        .filter(sequence -> sequence >= from)
        .sorted()
        .distinct()
        .toArray();
  }
}
