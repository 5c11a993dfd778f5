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

/// Common appends and reads for tests.
public final class Logs {
  private static final long MOST_SECONDS = 30;

  private Logs() {}

  /// A copy of an event that was read.
  public record Entry(long sequence, EventRecord event) {
    public String eventId() {
      return String.valueOf(event.text(Field.EVENT_ID));
    }
  }

  /// Appends, waits, and returns the sequences.
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

  /// All matching events from a position to the head.
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
      assertThat(next).as("next after a read from %s", before).isGreaterThan(before);
    }
    return entries;
  }

  /// All retained events of a namespace.
  public static List<Entry> readAll(EventLog log, String namespace) {
    return readAll(log, EventFilter.in(namespace).build(), log.range().oldest());
  }

  /// The first `most` matching events from a position.
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

  /// The bytes of the record alone.
  public static byte[] bytes(EventRecord event) {
    return Arrays.copyOfRange(event.bytes(), event.start(), event.start() + event.length());
  }

  /// A copy of the record, which outlives the visitor's call.
  public static EventRecord copy(EventRecord event) {
    byte[] bytes = bytes(event);
    return new EventRecord(bytes, 0, bytes.length);
  }
}
