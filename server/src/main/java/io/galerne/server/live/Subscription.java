package io.galerne.server.live;

import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One open stream: a position in the log, and a connection that takes frames.
///
/// It is *behind* or *live*. Behind, it takes batches from memory or the log as fast as the
/// connection drains, and goes live when nothing is left before what its [Fanout] offers next. Live,
/// it takes what it is offered; when the connection is full it is behind again, at its own position.
/// There is one position, and it only moves past what was written or did not match: so nothing is
/// left out, repeated or reordered.
///
/// The last handler of its connection. Everything here belongs to the event loop's thread.
public final class Subscription extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);

  /// How long an ended stream may take to drain before the connection is cut.
  private static final long END_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// How long a stream waits before it tries again to read a log that is away.
  private static final long AWAY_SECONDS = 1;

  /// How soon a stream that would end looks again while events wait to be offered.
  private static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /// A run of frames smaller than this share of a commit is copied: a reader that stalls must not
  /// keep the frames of all others in memory.
  private static final int SHARED_FROM = 4;

  private final Fanout fanout;
  private final StreamRequest request;
  private final long key;
  private final Runnable onClose;

  /// Where it stands in the fan-out's list of all streams.
  int index;

  /// Where it stands among those that wait for its key; -1 while it is behind.
  int seat = -1;

  private @Nullable ChannelHandlerContext context;
  private @Nullable Consumer<ChannelPipeline> next;
  private long position;
  private boolean reading;
  private boolean ended;
  private boolean takesRoom = true;
  private boolean retryIsDue = true;

  /// Whether it is scheduled to look whether its execution is over.
  private boolean looksAgain;

  /// Frames that were offered and not written yet: of one commit, without a gap between them.
  private @Nullable RecentCommit pending;

  private int pendingFrom;
  private int pendingTo;
  private int pendingEvents;

  private final long openedNanos = System.nanoTime();
  private long lastWriteNanos = openedNanos;
  private long endedNanos;

  Subscription(Fanout fanout, StreamRequest request, Runnable onClose) {
    this.fanout = fanout;
    this.request = request;
    this.position = request.from();
    this.key = request.filter().waitingKey();
    this.onClose = onClose;
  }

  long key() {
    return key;
  }

  long position() {
    return position;
  }

  boolean isLive() {
    return seat >= 0;
  }

  /// How many sequences it is behind; 0 while it is live.
  long lag(long head) {
    return isLive() ? 0 : Math.max(0, head + 1 - position);
  }

  /// Has the connection serve something else once the stream has come to its end. It ends with the
  /// stream where it was not told so, where something went wrong, and where the reader said more in
  /// between.
  ///
  /// @param next is given the connection's pipeline, without this handler
  public void handBackTo(Consumer<ChannelPipeline> next) {
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    fanout.add(this);
    if (fanout.isEnding()) {
      end();
    } else {
      advance();
    }
  }

  /// Goes on from its position, from wherever the next events are.
  void advance() {
    ChannelHandlerContext ctx = context;
    if (ended || reading || isLive() || ctx == null || !ctx.channel().isWritable()) {
      return;
    }
    if (position > request.endAfter()) {
      end();
    } else if (position >= fanout.cursor() && request.endAfter() == StreamRequest.FOR_EVER) {
      fanout.join(this);
      endIfOver();
    } else if (request.endAfter() == StreamRequest.FOR_EVER && fanout.catchUp(this)) {
      fanout.loop().execute(this::advance); // in turns, so that others are served in between
    } else {
      readLog(ctx);
    }
  }

  private void readLog(ChannelHandlerContext ctx) {
    reading = true;
    long from = position;
    try {
      fanout.readers().execute(() -> read(ctx, from));
    } catch (RejectedExecutionException e) {
      end(); // the server is stopping
    }
  }

  /// Runs on a thread that may block.
  private void read(ChannelHandlerContext ctx, long from) {
    try {
      StoredBatch batch = StoredBatch.read(fanout.log(), request, from, ctx.alloc());
      hand(() -> write(batch), batch::release);
    } catch (ExpiredException e) {
      hand(() -> fail("Events expired before they could be read", "read_error"), () -> {});
    } catch (LogUnreachableException e) {
      hand(this::advanceLater, () -> {});
    } catch (LogUnavailableException e) {
      hand(() -> fail("The log cannot be read", "read_error"), () -> {});
    } catch (RuntimeException | Error e) {
      log.error("A stream failed at sequence {}", from, e);
      hand(() -> fail("An error occurred", "internal_error"), () -> {});
    }
  }

  /// The log is away: goes on once it is back.
  private void advanceLater() {
    reading = false;
    fanout.loop().schedule(this::advance, AWAY_SECONDS, TimeUnit.SECONDS);
  }

  private void hand(Runnable work, Runnable orElse) {
    try {
      fanout.loop().execute(work);
    } catch (RejectedExecutionException e) {
      orElse.run();
    }
  }

  private void write(StoredBatch batch) {
    reading = false;
    ChannelHandlerContext ctx = context;
    if (ended || ctx == null) {
      batch.release();
      return;
    }
    position = batch.next();
    if (batch.events() == 0) {
      batch.release();
    } else {
      ByteBuf frames = batch.take();
      writeRetry(ctx);
      written(batch.events(), frames.readableBytes());
      ctx.writeAndFlush(frames, ctx.voidPromise());
    }
    advance();
  }

  /// Offers an event of a commit.
  ///
  /// @return whether it can be offered the next one
  boolean offer(RecentCommit commit, int i) {
    long sequence = commit.sequence(i);
    ChannelHandlerContext ctx = context;
    if (ended || ctx == null) {
      return false;
    }
    if (sequence < position || !request.filter().matches(commit.event(i))) {
      return true;
    }
    if (!ctx.channel().isWritable()) {
      fallBehind(sequence);
      return false;
    }
    take(ctx, commit, i);
    position = sequence + 1;
    ExecutionEnd execution = request.execution();
    if (execution != null) {
      execution.see(sequence, commit.event(i));
    }
    return true;
  }

  private void take(ChannelHandlerContext ctx, RecentCommit commit, int i) {
    commit.frames(); // so that it knows where they begin and end
    if (pending != null
        && (pending != commit || pendingTo != commit.start(i) || !request.chunked())) {
      writePending(ctx);
    }
    if (pending == null) {
      pending = commit;
      pendingFrom = commit.start(i);
      pendingEvents = 0;
      fanout.touch(this);
    }
    pendingTo = commit.end(i);
    pendingEvents++;
  }

  private void writePending(ChannelHandlerContext ctx) {
    RecentCommit commit = pending;
    if (commit == null) {
      return;
    }
    int from = request.chunked() ? pendingFrom : pendingFrom + Frames.CHUNK_HEAD;
    int length = (request.chunked() ? pendingTo : pendingTo - Frames.CHUNK_TAIL) - from;
    ByteBuf all = commit.frames();
    ByteBuf frames =
        length >= all.readableBytes() / SHARED_FROM
            ? all.retainedSlice(from, length)
            : ctx.alloc().directBuffer(length).writeBytes(all, from, length);
    writeRetry(ctx);
    written(pendingEvents, length);
    ctx.write(frames, ctx.voidPromise());
    pending = null;
  }

  private void writeRetry(ChannelHandlerContext ctx) {
    if (retryIsDue) {
      retryIsDue = false;
      write(ctx, fanout.retryHint());
    }
  }

  private void written(int events, int bytes) {
    fanout.meter().written(events, bytes);
    lastWriteNanos = System.nanoTime();
  }

  /// Writes what was offered, at the end of a turn.
  void flush() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      writePending(ctx);
      ctx.flush();
      endIfOver();
    }
  }

  /// Ends the stream of an execution that is over, once nothing more of it has come for a while; looks
  /// again when that may be so.
  private void endIfOver() {
    ExecutionEnd execution = request.execution();
    if (ended || looksAgain || execution == null || !execution.isOver() || !isLive()) {
      return;
    }
    long quiet = System.nanoTime() - fanout.visibleBy(execution.lastSequence());
    long left = fanout.config().executionGrace().toNanos() - quiet;
    if (left > 0 || !fanout.isCurrent()) {
      looksAgain = true;
      fanout.loop().schedule(this::lookAgain, Math.max(left, OFFER_NANOS), TimeUnit.NANOSECONDS);
    } else {
      end();
    }
  }

  private void lookAgain() {
    looksAgain = false;
    endIfOver();
  }

  /// Notes that nothing up to this sequence is left for it.
  void passed(long sequence) {
    position = Math.max(position, sequence + 1);
  }

  /// Is not offered anything more, until it has caught up from this sequence.
  void fallBehind(long from) {
    position = Math.max(position, from);
    fanout.leave(this);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !isLive()) {
      fanout.loop().execute(this::advance); // not in the middle of a turn that flushes
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message); // a reader has nothing more to say
    next = null; // part of a request is lost: the rest could not be told apart
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the reader went away in the middle of something
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    if (context != null) {
      ended = true;
      pending = null;
      context = null;
      fanout.remove(this);
      makeRoom();
    }
  }

  /// Lets another stream be opened.
  private void makeRoom() {
    if (takesRoom) {
      takesRoom = false;
      onClose.run();
    }
  }

  /// Ends the stream between two frames.
  void end() {
    finish(null);
  }

  /// Ends the stream with a frame that says why; the text and reason stand in JSON as they are.
  private void fail(String text, String reason) {
    reading = false;
    finish(Frames.error(text, reason));
  }

  private void finish(@Nullable ByteBuf lastFrame) {
    ChannelHandlerContext ctx = context;
    if (ended || ctx == null) {
      return;
    }
    writePending(ctx);
    ended = true;
    endedNanos = System.nanoTime();
    fanout.leave(this);
    if (lastFrame != null) {
      write(ctx, lastFrame);
      next = null;
    }
    if (next != null) {
      ctx.channel().config().setAutoRead(false); // what comes after the end is the next request
    }
    makeRoom(); // before the end can be seen
    ByteBuf end = request.chunked() ? Frames.LAST_CHUNK.duplicate() : ctx.alloc().buffer(0);
    ctx.writeAndFlush(end).addListener(written -> handBack(ctx, written.isSuccess()));
  }

  private void handBack(ChannelHandlerContext ctx, boolean complete) {
    release();
    if (complete && next != null && ctx.channel().isActive()) {
      ChannelPipeline pipeline = ctx.pipeline();
      pipeline.remove(this);
      next.accept(pipeline);
    } else {
      ctx.close();
    }
  }

  /// Writes a chunk that is not an event's.
  private void write(ChannelHandlerContext ctx, ByteBuf chunk) {
    ByteBuf bytes = chunk.duplicate();
    if (!request.chunked()) {
      int head = bytes.bytesBefore((byte) '\n') + 1;
      bytes = bytes.slice(head, bytes.readableBytes() - head - Frames.CHUNK_TAIL);
    }
    ctx.write(bytes, ctx.voidPromise());
  }

  /// Looks after the stream, about every second.
  void sweep(long now) {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    if (ended) {
      if (now - endedNanos > END_GRACE_NANOS) {
        ctx.close();
      }
      return;
    }
    boolean tooOld =
        fanout
            .config()
            .maxDuration()
            .map(duration -> now - openedNanos > duration.toNanos())
            .orElse(false);
    if (tooOld || !fanout.stillAdmits(request.caller())) {
      end();
    } else if (now - lastWriteNanos >= fanout.config().keepAlive().toNanos()
        && ctx.channel().isWritable()) {
      write(ctx, Frames.KEEP_ALIVE);
      ctx.flush();
      lastWriteNanos = now;
    }
  }
}
