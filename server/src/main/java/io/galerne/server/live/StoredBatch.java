package io.galerne.server.live;

import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/// The next frames of one reader out of the log, as one chunk. Read on a thread that may block,
/// then handed to the reader's event loop, which releases it.
final class StoredBatch implements EventVisitor {
  /// What a reader that stops reading keeps in memory at the most, beside one frame.
  static final int TARGET_BYTES = 64 * 1024;

  private final StreamRequest request;
  private final ByteBuf chunk;
  private int events;
  private long next;

  private StoredBatch(StreamRequest request, ByteBuf chunk) {
    this.request = request;
    this.chunk = chunk;
  }

  /// Reads on at `from`. Blocks.
  ///
  /// @throws io.galerne.server.log.LogUnavailableException where the log cannot be read
  /// @throws io.galerne.server.log.ExpiredException where the events there have expired
  static StoredBatch read(
      EventLog log, StreamRequest request, long from, ByteBufAllocator buffers) {
    StoredBatch batch = new StoredBatch(request, buffers.directBuffer(4096));
    boolean read = false;
    try {
      Frames.beginChunk(batch.chunk);
      batch.next = log.read(request.filter(), from, batch);
      Frames.endChunk(batch.chunk, 0);
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
    int bytes = chunk.writerIndex() + Frames.mostBytes(event);
    if (sequence > request.endAfter() || (events > 0 && bytes > TARGET_BYTES)) {
      return Verdict.REFUSED;
    }
    Frames.write(chunk, sequence, event);
    events++;
    ExecutionEnd execution = request.execution();
    if (execution != null) {
      execution.see(sequence, event);
    }
    return Verdict.TAKEN;
  }

  /// How many frames it has.
  int events() {
    return events;
  }

  /// Where the next batch begins.
  long next() {
    return next;
  }

  /// The frames, ready to be written; whoever writes them releases them.
  ByteBuf take() {
    return request.chunked()
        ? chunk
        : chunk.slice(
            Frames.CHUNK_HEAD, chunk.readableBytes() - Frames.CHUNK_HEAD - Frames.CHUNK_TAIL);
  }

  void release() {
    chunk.release();
  }
}
