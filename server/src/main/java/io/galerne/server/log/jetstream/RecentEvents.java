package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.galerne.server.log.jetstream.Selected.Found;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The last events that this node has followed, in memory: whole segments, bounded by bytes. Most of
/// what is read has just happened, and need not be asked for again. Safe for use by several threads.
final class RecentEvents {
  /// How many events a read takes at a time.
  private static final int PIECE = 256;

  private final long mostBytes;
  private final TreeMap<Long, Held> segments = new TreeMap<>();
  private long bytes;

  /// Segments before it are not kept, nor what is still to come of them.
  private long firstHeld;

  private static final class Held {
    private final List<Found> events = new ArrayList<>();
    private long bytes;

    /// The event that begins at this sequence; null where there is none.
    private @Nullable Found at(long sequence) {
      int low = 0;
      int high = events.size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (events.get(middle).sequence() < sequence) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low < events.size() && events.get(low).sequence() == sequence ? events.get(low) : null;
    }
  }

  /// @param mostBytes how much is kept at the most
  RecentEvents(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /// Adds the event that follows upon all before.
  synchronized void add(long sequence, EventRecord event) {
    long segment = Segment.of(sequence);
    if (segment < firstHeld) {
      return;
    }
    Held held = segments.computeIfAbsent(segment, number -> new Held());
    held.events.add(new Found(sequence, event));
    held.bytes += event.length();
    bytes += event.length();
    while (bytes > mostBytes) {
      firstHeld = segments.firstKey() + 1;
      bytes -= segments.pollFirstEntry().getValue().bytes;
    }
  }

  /// Begins to read what a plan selects, from a sequence (inclusive) on.
  ///
  /// @return null where it begins before what is kept
  synchronized @Nullable Selected read(Plan plan, long from) {
    long first = plan.segments()[0];
    return segments.containsKey(first) ? new Read(from) : null;
  }

  /// The next events of a plan; null where they are not kept any more.
  private synchronized @Nullable List<Found> piece(Plan plan, long from) {
    return plan.sequences() == null ? many(plan, from) : few(plan.sequences(), from);
  }

  /// All that there is in a plan's segments.
  private @Nullable List<Found> many(Plan plan, long from) {
    List<Found> found = new ArrayList<>();
    for (long number : plan.segments()) {
      if (Segment.last(number) >= from) {
        Held held = segments.get(number);
        if (held == null) {
          return found.isEmpty() ? null : found;
        }
        for (Found event : held.events) {
          if (event.sequence() >= from && event.sequence() <= plan.last()) {
            found.add(event);
          }
          if (found.size() == PIECE) {
            return found;
          }
        }
      }
    }
    return found;
  }

  private @Nullable List<Found> few(long[] sequences, long from) {
    List<Found> found = new ArrayList<>();
    for (long sequence : sequences) {
      if (sequence >= from && found.size() < PIECE) {
        Held held = segments.get(Segment.of(sequence));
        if (held == null) {
          return found.isEmpty() ? null : found;
        }
        Found event = held.at(sequence);
        if (event != null) {
          found.add(event);
        }
      }
    }
    return found;
  }

  private final class Read implements Selected {
    private final ArrayDeque<Found> next = new ArrayDeque<>();
    private long position;
    private boolean gone;

    private Read(long from) {
      position = from;
    }

    @Override
    public @Nullable Found peek(Plan plan) {
      if (next.isEmpty()) {
        List<Found> piece = piece(plan, position);
        gone = piece == null;
        next.addAll(piece == null ? List.of() : piece);
      }
      return next.peek();
    }

    @Override
    public void pass() {
      position = next.remove().sequence() + 1;
    }

    @Override
    public long end(Plan plan) {
      return gone ? position : plan.last() + 1;
    }
  }
}
