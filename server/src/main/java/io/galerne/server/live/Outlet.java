package io.galerne.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes the frames of one stream to its connection and tracks the room there. For the event
/// loop's thread.
final class Outlet {
  /// Longest time without progress of a reader once the [SendBudget] is used up.
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(SendBudget.STALLED_SECONDS);

  /// A run of frames below this fraction (1/n) of a commit is copied, so that a stalled reader does
  /// not keep the frames of all others in memory.
  private static final int SHARED_FROM = 4;

  /// Runs from larger commits are copied too: a stalled reader may have been given little of them.
  private static final int MOST_SHARED_BYTES = 2 * SendBudget.PIECE_BYTES;

  private final ChannelHandlerContext ctx;
  private final Framing framing;
  private final LiveMeter meter;
  private final SendBudget budget;
  private final SendBudget.Share share;

  /// The chunk before the first frame; null once it is written.
  private @Nullable ByteBuf retryHint;

  /// The commit of the added, unwritten frames, which are contiguous; retained.
  private @Nullable RecentCommit added;

  private int addedFrom;
  private int addedTo;
  private int addedEvents;
  private boolean unflushed;

  private long wroteNanos = System.nanoTime();
  private long takenNanos = wroteNanos;

  Outlet(ChannelHandlerContext ctx, Framing framing, LiveParts parts) {
    this.ctx = ctx;
    this.framing = framing;
    this.meter = parts.meter();
    this.budget = parts.budget();
    this.share = budget.share(ctx.channel());
    this.retryHint = parts.retryHint();
  }

  /// Whether the connection takes more. If not, its channel reports when it does.
  boolean isWritable() {
    return ctx.channel().isWritable();
  }

  /// Whether a frame can be added now.
  boolean hasRoom() {
    return isWritable() && addedTo - addedFrom <= SendBudget.PIECE_BYTES;
  }

  /// Adds the frame of an event that is not large; it is sent by [#flush()].
  void add(RecentCommit commit, int i) {
    commit.frames(); // renders them, so that their positions are known
    if (added != commit || addedTo != commit.start(i)) {
      writeAdded();
      added = commit.retain();
      addedFrom = commit.start(i);
      addedEvents = 0;
    }
    addedTo = commit.end(i);
    addedEvents++;
    unflushed = true;
  }

  /// Writes as much of the frame of a large event as the connection takes now.
  ///
  /// @param part number of the frame's bytes that the reader has
  /// @return the number it has afterwards
  int addPart(RecentCommit commit, int i, int part) {
    writeAdded();
    long sequence = commit.sequence(i);
    int end = Frames.bytes(sequence, commit.event(i));
    int done = part;
    while (done < end && isWritable()) {
      int to = Math.min(end, done + SendBudget.TIGHT_PIECE_BYTES);
      ByteBuf chunk = ctx.alloc().directBuffer(to - done + Frames.CHUNK_HEAD + Frames.CHUNK_TAIL);
      Frames.writePart(chunk, sequence, commit.event(i), done, to);
      write(chunk, to == end ? 1 : 0);
      done = to;
    }
    return done;
  }

  /// Writes and sends a batch from the log.
  void send(StoredBatch batch) {
    if (batch.isEmpty()) {
      batch.release();
    } else {
      write(batch.take(), batch.events());
      flush();
    }
  }

  /// Sends a keep-alive comment.
  void sendComment() {
    writeAdded();
    framing.write(ctx, Frames.KEEP_ALIVE.duplicate());
    wroteNanos = System.nanoTime();
    unflushed = true;
    flush();
  }

  /// Sends the added frames.
  void flush() {
    if (unflushed) {
      writeAdded();
      unflushed = false;
      ctx.flush();
      countUnsent();
    }
  }

  /// Ends the stream after the added frames.
  ///
  /// @param lastFrame written before the end; null for none
  ChannelFuture end(@Nullable ByteBuf lastFrame) {
    writeAdded();
    if (lastFrame != null) {
      framing.write(ctx, lastFrame);
    }
    return framing.end(ctx);
  }

  private void writeAdded() {
    RecentCommit commit = added;
    if (commit == null) {
      return;
    }
    int length = addedTo - addedFrom;
    ByteBuf all = commit.frames();
    ByteBuf frames =
        length >= all.readableBytes() / SHARED_FROM && all.readableBytes() <= MOST_SHARED_BYTES
            ? all.retainedSlice(addedFrom, length)
            : ctx.alloc().directBuffer(length).writeBytes(all, addedFrom, length);
    dropAdded();
    write(frames, addedEvents);
  }

  private void dropAdded() {
    RecentCommit commit = added;
    if (commit != null) {
      added = null;
      addedFrom = 0;
      addedTo = 0;
      commit.release();
    }
  }

  private void write(ByteBuf chunks, int events) {
    share.fit();
    ByteBuf hint = retryHint;
    if (hint != null) {
      retryHint = null;
      framing.write(ctx, hint.duplicate());
    }
    meter.written(events, chunks.readableBytes());
    wroteNanos = System.nanoTime();
    unflushed = true;
    framing.write(ctx, chunks);
  }

  /// Whether there are added frames that are not written: if writing fails, they are lost.
  boolean holdsFrames() {
    return added != null;
  }

  /// The time since the last write.
  long silentNanos(long now) {
    return now - wroteNanos;
  }

  /// Whether the reader has stalled for too long and the budget is used up.
  boolean isStalledTooLong(long now) {
    return budget.isUsedUp() && !isWritable() && now - takenNanos > STALLED_NANOS;
  }

  /// Updates the count of unsent bytes, and notes whether the reader has taken some.
  void countUnsent() {
    if (share.update()) {
      takenNanos = System.nanoTime();
    }
  }

  /// Releases all memory.
  void close() {
    dropAdded();
    share.release();
  }
}
