package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.ingest.JsonText;
import io.galerne.server.live.LargeEvents;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import io.galerne.server.log.LogUnavailableException;
import java.io.ByteArrayOutputStream;

/// A page of events as JSON, read from the log piece by piece. An event larger than a piece spans
/// several and may be read again for each, so a client that stops reading keeps no event in memory.
/// For one thread at a time.
final class EventPage implements PagePieces.Page, EventVisitor {
  /// A page ends early if its events are large, so that an answer stays well below the limits of
  /// clients and proxies.
  private static final long PAGE_BYTES = 16L << 20;

  private final EventLog log;
  private final LargeEvents large;
  private final EventFilter filter;
  private final Cursor.Scope scope;
  private final int limit;
  private final long head;

  /// New for each piece, so that a page holds no memory between pieces.
  private ByteArrayOutputStream piece = new ByteArrayOutputStream();

  private int mostBytes;
  private boolean pieceIsFull;

  /// The first sequence not completely on the page, and the number of its event's bytes that are.
  private long next;

  private int part;

  private int events;
  private long bytes;
  private int pieces;
  private boolean isFull;
  private boolean isComplete;

  EventPage(
      EventLog log,
      LargeEvents large,
      EventFilter filter,
      long from,
      int limit,
      Cursor.Scope scope) {
    LogRange range = log.rangeAt(0).join(); // fails while a cluster node is catching up
    this.log = log;
    this.large = large;
    this.filter = filter;
    this.scope = scope;
    this.limit = limit;
    this.head = range.head();
    this.next = Math.max(from, range.oldest());
    append("{\"events\":[");
  }

  /// @throws LogUnavailableException if the log cannot be read and nothing has been taken yet
  /// @throws IllegalStateException if the rest of a partly taken event cannot be read
  @Override
  public boolean fill(int mostBytes) {
    this.mostBytes = mostBytes;
    if (next <= head && !isFull) {
      read();
    }
    if (isFull || next > head) {
      append("],\"next_cursor\":" + (isFull ? JsonText.quote(scope.cursor(next)) : "null") + "}");
      isComplete = true;
    }
    return isComplete || pieceIsFull;
  }

  private void read() {
    long from = next;
    EventRecord begun = part > 0 ? large.get(from) : null;
    if (begun != null) {
      next = visit(from, begun) == Verdict.REFUSED ? from : from + 1;
      return;
    }
    try {
      next = log.readRetained(filter, from, this);
    } catch (LogUnavailableException e) {
      if (pieces == 0) {
        throw e;
      }
      isFull = true; // the request for the next page reports the error
    }
    if (part > 0 && (next != from || isFull) && !pieceIsFull) {
      throw new IllegalStateException("Sequence " + from + " cannot be read to its end");
    }
  }

  /// Takes what fits; the first event beyond the limits shows that there is another page.
  @Override
  public Verdict visit(long sequence, EventRecord event) {
    if (part > 0 && sequence != next) {
      return Verdict.REFUSED;
    }
    if (part == 0 && (events == limit || bytes > PAGE_BYTES)) {
      isFull = true;
      return Verdict.REFUSED;
    }
    int length = event.length(Field.DATA);
    int room = mostBytes - piece.size();
    if (room <= 0 || (part == 0 && length > room && length <= mostBytes)) {
      pieceIsFull = true; // it fits into the next piece as a whole
      return Verdict.REFUSED;
    }
    if (part == 0 && events > 0) {
      piece.write(',');
    }
    int count = Math.min(room, length - part);
    piece.write(event.bytes(), event.offset(Field.DATA) + part, count);
    bytes += count;
    if (part + count < length) {
      if (large.get(sequence) == null) {
        large.keep(sequence, event);
      }
      part += count;
      pieceIsFull = true;
      return Verdict.REFUSED;
    }
    part = 0;
    events++;
    return Verdict.TAKEN;
  }

  @Override
  public byte[] take() {
    byte[] taken = piece.toByteArray();
    piece = new ByteArrayOutputStream();
    pieceIsFull = false;
    pieces++;
    return taken;
  }

  @Override
  public boolean isComplete() {
    return isComplete;
  }

  private void append(String text) {
    piece.writeBytes(text.getBytes(UTF_8));
  }
}
