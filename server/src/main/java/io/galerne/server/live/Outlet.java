package io.galerne.server.live;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Puts the frames of one stream on its connection, and knows how much room there is.
///
/// For the event loop's thread.
final class Outlet {
  /// How long a reader may take nothing once the budget of all is used up.
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(SendBudget.STALLED_SECONDS);

  /// A run of frames smaller than this share of a commit is copied: a reader that stalls must not
  /// keep the frames of all others in memory.
  private static final int SHARED_FROM = 4;

  /// Nor must it keep the frames of a large commit, of which it may have been given little.
  private static final int MOST_SHARED_BYTES = 2 * SendBudget.PIECE_BYTES;

  private final ChannelHandlerContext ctx;
  private final Framing framing;
  private final LiveMeter meter;
  private final SendBudget budget;
  private final SendBudget.Share share;

  /// What goes before the first frame; null once it is written.
  private @Nullable ByteBuf retryHint;

  /// Frames that were added and not written yet: of one commit, which is retained, without a gap.
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
    commit.frames(); // so that it knows where they begin and end
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
  /// @param part how many bytes of the frame the reader has
  /// @return how many it has then
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

  /// Writes what was read from the log, and sends it.
  void send(StoredBatch batch) {
    if (batch.isEmpty()) {
      batch.release();
    } else {
      write(batch.take(), batch.events());
      flush();
    }
  }

  /// Sends a comment, so that something is sent.
  void sendComment() {
    writeAdded();
    framing.write(ctx, Frames.KEEP_ALIVE.duplicate());
    wroteNanos = System.nanoTime();
    unflushed = true;
    flush();
  }

  /// Sends what was added.
  void flush() {
    if (unflushed) {
      writeAdded();
      unflushed = false;
      ctx.flush();
      countUnsent();
    }
  }

  /// Ends the stream after what was added.
  ///
  /// @param lastFrame goes before the end; null for none
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

  /// Whether frames were added that are not written: if they cannot be, they are missing.
  boolean holdsFrames() {
    return added != null;
  }

  /// How long nothing has been written.
  long silentNanos(long now) {
    return now - wroteNanos;
  }

  /// Whether the reader does not read, and there is no memory left for such.
  boolean isStalledTooLong(long now) {
    return budget.isUsedUp() && !isWritable() && now - takenNanos > STALLED_NANOS;
  }

  /// Counts what waits to be sent, and notes whether the reader has taken some of it.
  void countUnsent() {
    if (share.update()) {
      takenNanos = System.nanoTime();
    }
  }

  /// Lets go of everything.
  void close() {
    dropAdded();
    share.release();
  }
}
