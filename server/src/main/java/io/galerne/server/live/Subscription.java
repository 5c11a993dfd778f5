package io.galerne.server.live;

import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
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
/// left out, repeated or reordered. The frame of a large event is written in parts, so the position
/// may lie within a frame; then the stream is behind.
///
/// The last handler of its connection. Everything here belongs to the event loop's thread.
public final class Subscription extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);

  /// How long an ended stream may take to drain before the connection is cut.
  private static final long END_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// How long a reader may take nothing once the budget of all is used up.
  private static final long STALLED_NANOS = TimeUnit.SECONDS.toNanos(SendBudget.STALLED_SECONDS);

  /// When a reader that has ended its side is sent comments: the answer to one comes after a round
  /// trip.
  private static final List<Integer> PROBE_MILLIS = List.of(0, 10, 100, 1_000, 5_000);

  /// How long a stream waits before it tries again to read a log that is away.
  private static final long AWAY_SECONDS = 1;

  /// How soon a stream that would end looks again while events wait to be offered.
  private static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /// A run of frames smaller than this share of a commit is copied: a reader that stalls must not
  /// keep the frames of all others in memory.
  private static final int SHARED_FROM = 4;

  /// Nor must it keep the frames of a large commit, of which it may have been given little.
  private static final int MOST_SHARED_BYTES = 2 * SendBudget.PIECE_BYTES;

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

  /// How much of the chunk of the event at the position has been written: more than 0 only within
  /// a large event. Nothing else may be written then.
  private int part;

  private boolean reading;
  private boolean advanceIsDue;
  private boolean pausing;

  /// Whether the stream is to end as soon as the frame that was begun is complete.
  private boolean endIsDue;

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
  private long lastTakenNanos = openedNanos;
  private SendBudget.@Nullable Share share;

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
    share = fanout.budget().share(ctx.channel());
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
    if (ended || reading || pausing || isLive() || ctx == null || !ctx.channel().isWritable()) {
      return;
    }
    if (position > request.endAfter()) {
      end();
    } else if (part == 0
        && position >= fanout.cursor()
        && request.endAfter() == StreamRequest.FOR_EVER) {
      fanout.join(this);
      endIfOver();
    } else if (request.endAfter() == StreamRequest.FOR_EVER && fanout.catchUp(this)) {
      advanceSoon(); // in turns, so that others are served in between
    } else {
      readLog(ctx);
    }
  }

  private void advanceSoon() {
    if (!advanceIsDue) {
      advanceIsDue = true;
      fanout
          .loop()
          .execute(() -> {
            advanceIsDue = false;
            advance();
          });
    }
  }

  private void readLog(ChannelHandlerContext ctx) {
    reading = true;
    StoredBatch.Start from = new StoredBatch.Start(position, part);
    int mostBytes = fanout.budget().pieceBytes();
    try {
      fanout.readers().execute(() -> read(ctx, from, mostBytes));
    } catch (RejectedExecutionException e) {
      end(); // the server is stopping
    }
  }

  /// Runs on a thread that may block.
  private void read(ChannelHandlerContext ctx, StoredBatch.Start from, int mostBytes) {
    try {
      StoredBatch batch =
          StoredBatch.read(
              fanout.log(), fanout.largeEvents(), request, from, mostBytes, ctx.alloc());
      hand(() -> write(batch), batch::release);
    } catch (ExpiredException e) {
      hand(() -> fail("Events expired before they could be read", "read_error"), () -> {});
    } catch (LogUnreachableException e) {
      hand(this::advanceLater, () -> {});
    } catch (LogUnavailableException e) {
      hand(() -> fail("The log cannot be read", "read_error"), () -> {});
    } catch (OutOfMemoryError e) {
      log.warn("Out of memory: a stream waits at sequence {}", from.sequence());
      hand(this::advanceLater, () -> {});
    } catch (RuntimeException | Error e) {
      log.error("A stream failed at sequence {}", from.sequence(), e);
      hand(() -> fail("An error occurred", "internal_error"), () -> {});
    }
  }

  /// The log is away, or there is no memory: tries again a little later.
  private void advanceLater() {
    reading = false;
    if (!pausing) {
      pausing = true;
      fanout.loop().schedule(this::resume, AWAY_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void resume() {
    pausing = false;
    advance();
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
    position = batch.next().sequence();
    part = batch.next().part();
    if (batch.isEmpty()) {
      batch.release();
    } else {
      ByteBuf frames = batch.take();
      fitToBudget();
      writeRetry(ctx);
      written(batch.events(), frames.readableBytes());
      ctx.writeAndFlush(frames, ctx.voidPromise());
      countUnsent();
    }
    if (endIsDue && part == 0) {
      end();
    } else {
      advance();
    }
  }

  private void fitToBudget() {
    if (share != null) {
      share.fit();
    }
  }

  /// Counts what waits to be sent, and notes whether the reader has taken some of it.
  private void countUnsent() {
    if (share != null && share.update()) {
      lastTakenNanos = System.nanoTime();
    }
  }

  /// Offers an event of a commit. If there is no memory for it, the stream tries again later, from
  /// the log.
  ///
  /// @return whether it can be offered the next one
  boolean offer(RecentCommit commit, int i) {
    try {
      return take(commit, i);
    } catch (OutOfMemoryError e) {
      outOfMemory(commit.sequence(i));
      return false;
    }
  }

  private void outOfMemory(long sequence) {
    log.warn("Out of memory: a stream cannot be sent sequence {} now", sequence);
    if (pending != null && context != null) {
      context.close(); // it has been counted as sent; the reader resumes before it
    } else {
      fallBehind(sequence);
      advanceLater();
    }
  }

  private boolean take(RecentCommit commit, int i) {
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
    if (Frames.isLarge(commit.event(i))) {
      if (!takeParts(ctx, commit, i)) {
        fallBehind(sequence);
        return false;
      }
    } else if (pendingBytes() > SendBudget.PIECE_BYTES) {
      fallBehind(sequence);
      advanceSoon(); // what is pending may not fill the connection, and then nothing else calls
      return false;
    } else {
      take(ctx, commit, i);
    }
    position = sequence + 1;
    ExecutionEnd execution = request.execution();
    if (execution != null) {
      execution.see(sequence, commit.event(i));
    }
    if (endIsDue) {
      end();
      return false;
    }
    return true;
  }

  /// Writes as much of the chunk of a large event as the connection takes now.
  ///
  /// @return whether it is complete
  private boolean takeParts(ChannelHandlerContext ctx, RecentCommit commit, int i) {
    writePending(ctx);
    writeRetry(ctx);
    fanout.touch(this);
    long sequence = commit.sequence(i);
    int end = Frames.chunkBytes(sequence, commit.event(i));
    while (part < end && ctx.channel().isWritable()) {
      int to = Math.min(end, part + SendBudget.TIGHT_PIECE_BYTES);
      int from = request.chunked() ? part : Math.max(part, Frames.CHUNK_HEAD);
      int last = request.chunked() ? to : Math.min(to, end - Frames.CHUNK_TAIL);
      if (last > from) {
        ByteBuf bytes = ctx.alloc().directBuffer(last - from);
        Frames.writePart(bytes, sequence, commit.event(i), from, last);
        written(to == end ? 1 : 0, last - from);
        ctx.write(bytes, ctx.voidPromise());
      }
      part = to;
    }
    if (part < end) {
      return false;
    }
    part = 0;
    return true;
  }

  private int pendingBytes() {
    return pending == null ? 0 : pendingTo - pendingFrom;
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
        length >= all.readableBytes() / SHARED_FROM && all.readableBytes() <= MOST_SHARED_BYTES
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
    if (ctx == null) {
      return;
    }
    try {
      fitToBudget();
      writePending(ctx);
      ctx.flush();
      countUnsent();
      endIfOver();
    } catch (OutOfMemoryError e) {
      outOfMemory(position);
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
      advanceSoon(); // not in the middle of a turn that flushes
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message); // a reader has nothing more to say
    next = null; // part of a request is lost: the rest could not be told apart
  }

  /// The reader will send nothing more: it is gone, or it only reads from now on. Comments make the
  /// difference show, as the machine of one that is gone refuses the first, and then the next fails.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      next = null;
      PROBE_MILLIS.forEach(
          millis -> ctx.executor().schedule(this::probe, millis, TimeUnit.MILLISECONDS));
    }
    ctx.fireUserEventTriggered(event);
  }

  private void probe() {
    ChannelHandlerContext ctx = context;
    if (ctx != null && !ended && part == 0 && ctx.channel().isWritable()) {
      writePending(ctx);
      write(ctx, Frames.KEEP_ALIVE);
      ctx.flush();
    }
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
      if (share != null) {
        share.release();
      }
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

  /// Ends the stream between two frames: at once, or as soon as the frame that was begun is
  /// complete.
  void end() {
    if (part == 0) {
      finish(null);
    } else if (!endIsDue) {
      endIsDue = true;
      endedNanos = System.nanoTime();
    }
  }

  /// Ends the stream with a frame that says why; the text and reason stand in JSON as they are.
  private void fail(String text, String reason) {
    reading = false;
    if (part == 0) {
      finish(Frames.error(text, reason));
    } else if (context != null) {
      context.close(); // within a frame, nothing can be said
    }
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
    countUnsent();
    if (ended || endIsDue) {
      if (now - endedNanos > END_GRACE_NANOS) {
        ctx.close();
      }
      return;
    }
    if (fanout.budget().isUsedUp()
        && !ctx.channel().isWritable()
        && now - lastTakenNanos > STALLED_NANOS) {
      log.warn("Closing a stream whose reader does not read: too much waits to be sent");
      ctx.close();
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
        && part == 0
        && ctx.channel().isWritable()) {
      write(ctx, Frames.KEEP_ALIVE);
      ctx.flush();
      lastWriteNanos = now;
    }
  }
}
