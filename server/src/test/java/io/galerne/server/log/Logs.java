package io.galerne.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventVisitor.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Appends to a log and reads from it in the ways that tests need again and again.
public final class Logs {
  private static final long MOST_SECONDS = 30;

  private Logs() {}

  /// An event that was read: its own copy.
  public record Entry(long sequence, EventRecord event) {
    public String eventId() {
      return String.valueOf(event.text(Field.EVENT_ID));
    }
  }

  /// Appends, waits, and tells the sequences.
  public static long[] append(EventLog log, List<EventRecord> events) {
    try {
      return log.append(events).get(MOST_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("No answer to an append", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new AssertionError(e);
    }
  }

  public static long[] append(EventLog log, EventRecord... events) {
    return append(log, List.of(events));
  }

  /// All that matches from a position to the head.
  public static List<Entry> readAll(EventLog log, EventFilter filter, long from) {
    long head = log.range().head();
    List<Entry> entries = new ArrayList<>();
    long next = from;
    while (next <= head) {
      long before = next;
      next =
          log.read(
              filter,
              next,
              (sequence, event) -> {
                entries.add(new Entry(sequence, copy(event)));
                return Verdict.TAKEN;
              });
      assertThat(next).as("where a read from %s ended", before).isGreaterThan(before);
    }
    return entries;
  }

  /// All that is retained in a namespace.
  public static List<Entry> readAll(EventLog log, String namespace) {
    return readAll(log, EventFilter.in(namespace).build(), log.range().oldest());
  }

  /// The first matches from a position, at most so many.
  public static List<Entry> readSome(EventLog log, EventFilter filter, long from, int most) {
    long head = log.range().head();
    List<Entry> entries = new ArrayList<>();
    long next = from;
    while (next <= head && entries.size() < most) {
      next =
          log.read(
              filter,
              next,
              (sequence, event) -> {
                entries.add(new Entry(sequence, copy(event)));
                return entries.size() < most ? Verdict.TAKEN : Verdict.LAST;
              });
    }
    return entries;
  }

  public static List<Long> sequences(Collection<Entry> entries) {
    return entries.stream().map(Entry::sequence).toList();
  }

  public static List<String> eventIds(Collection<Entry> entries) {
    return entries.stream().map(Entry::eventId).toList();
  }

  /// The record's own bytes, without what stands around them.
  public static byte[] bytes(EventRecord event) {
    return Arrays.copyOfRange(event.bytes(), event.start(), event.start() + event.length());
  }

  /// The record by itself, which outlives the call of a visitor.
  public static EventRecord copy(EventRecord event) {
    byte[] bytes = bytes(event);
    return new EventRecord(bytes, 0, bytes.length);
  }
}
