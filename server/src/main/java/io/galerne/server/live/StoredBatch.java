package io.galerne.server.live;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.ExpiredException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// The next frames of one reader from the log, or a part of one large event's frame, as one chunk.
/// Read on a blocking thread, then handed to the reader's event loop, which releases it.
final class StoredBatch implements EventVisitor {
  private final StreamRequest request;
  private final LargeEvents large;
  private final ByteBuf chunk;
  private final Start start;
  private final int mostBytes;
  private int events;
  private long next;
  private int nextPart;
  private boolean isPart;

  private StoredBatch(
      StreamRequest request, LargeEvents large, Start start, int mostBytes, ByteBuf chunk) {
    this.request = request;
    this.large = large;
    this.start = start;
    this.mostBytes = mostBytes;
    this.chunk = chunk;
  }

  /// The start of a batch.
  ///
  /// @param sequence of the first event
  /// @param part number of bytes that the reader already has of that event's frame; 0 if it is not
  ///     large
  record Start(long sequence, int part) {}

  /// Reads from `start`: as much as the budget allows, or one event that is not large. Blocks.
  ///
  /// @throws io.galerne.server.log.LogUnavailableException if the log cannot be read
  /// @throws io.galerne.server.log.ExpiredException if the events there have expired
  static StoredBatch read(
      LiveParts parts, StreamRequest request, Start start, ByteBufAllocator buffers) {
    LargeEvents large = parts.largeEvents();
    int mostBytes = parts.budget().pieceBytes();
    StoredBatch batch =
        new StoredBatch(request, large, start, mostBytes, buffers.directBuffer(4096));
    boolean read = false;
    try {
      boolean isLarge = start.part() > 0 && !request.isInSnapshot(start.sequence());
      EventRecord begun = isLarge ? large.get(start.sequence()) : null;
      batch.next =
          begun == null
              ? request.read(parts.log(), start.sequence(), batch)
              : batch.continueWith(begun);
      if (start.part() > 0 && !batch.isPart) {
        if (batch.next > start.sequence()) {
          throw new ExpiredException(start.sequence(), batch.next);
        }
        batch.nextPart = start.part();
      }
      if (batch.events > 0 && !batch.isPart) {
        Frames.endChunk(batch.chunk, 0);
      }
      read = true;
      return batch;
    } finally {
      if (!read) {
        batch.release();
      }
    }
  }

  @Override
  public Verdict visit(long sequence, EventRecord event) {
    if (sequence > request.endAfter() || isPart) {
      return Verdict.REFUSED;
    }
    if (start.part() > 0 && sequence != start.sequence()) {
      return Verdict.REFUSED; // the rest of the event has expired
    }
    if (Frames.isLarge(event)) {
      return events > 0 ? Verdict.REFUSED : part(sequence, event);
    }
    int bytes = chunk.writerIndex() + Frames.mostBytes(event) + Frames.CHUNK_TAIL;
    if (events > 0 && bytes > mostBytes) {
      return Verdict.REFUSED;
    }
    if (events == 0) {
      Frames.beginChunk(chunk);
    }
    Frames.write(chunk, sequence, event);
    return taken(sequence, event);
  }

  /// Takes the next part of a cached event.
  private long continueWith(EventRecord event) {
    return visit(start.sequence(), event) == Verdict.REFUSED
        ? start.sequence()
        : start.sequence() + 1;
  }

  private Verdict part(long sequence, EventRecord event) {
    isPart = true;
    int end = Frames.bytes(sequence, event);
    int to = (int) Math.min(end, (long) start.part() + mostBytes);
    Frames.writePart(chunk, sequence, event, start.part(), to);
    if (to < end) {
      if (!request.isInSnapshot(sequence) && large.get(sequence) == null) {
        large.keep(sequence, event);
      }
      nextPart = to;
      return Verdict.REFUSED;
    }
    return taken(sequence, event);
  }

  private Verdict taken(long sequence, EventRecord event) {
    events++;
    ExecutionEnd execution = request.execution();
    if (execution != null) {
      execution.see(sequence, event);
    }
    return isPart ? Verdict.LAST : Verdict.TAKEN;
  }

  /// Whether there is nothing to write.
  boolean isEmpty() {
    return !chunk.isReadable();
  }

  /// The number of frames that end in it.
  int events() {
    return events;
  }

  /// The start of the next batch.
  Start next() {
    return new Start(next, nextPart);
  }

  /// The frames, ready to write; the writer releases them.
  ByteBuf take() {
    return chunk;
  }

  void release() {
    chunk.release();
  }
}
