package io.galerne.server.live;

import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One open stream, the last handler of its connection. Its [Reader] decides which events come next
/// and from where; this class fetches them and writes them through its [Outlet] until the stream
/// ends.
///
/// All fields belong to the event loop's thread.
public final class OpenStream extends ChannelInboundHandlerAdapter implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(OpenStream.class);

  /// How long an ended stream may take to drain before the connection is closed.
  private static final long END_GRACE_NANOS = TimeUnit.SECONDS.toNanos(5);

  /// Delays of the comments that probe a half-closed reader: the response to one takes a round
  /// trip.
  private static final List<Integer> PROBE_MILLIS = List.of(0, 10, 100, 1_000, 5_000);

  /// How long a stream waits before it retries reading an unreachable log.
  private static final long AWAY_SECONDS = 1;

  /// How soon a stream that would end checks again while events wait to be offered.
  private static final long OFFER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  /// Bytes taken from memory in one turn.
  private static final long TURN_BYTES = 1L << 20;

  private final LiveParts parts;
  private final Fanout fanout;
  private final Turns turns;
  private final StreamRequest request;
  private final Framing framing;
  private final Runnable onClose;
  private final Reader reader;

  /// The place of this stream in the fan-out.
  final Fanout.Seat seat = new Fanout.Seat();

  private @Nullable ChannelHandlerContext context;
  private @Nullable Outlet outlet;
  private @Nullable Consumer<ChannelPipeline> next;

  /// Whether it already waits for a turn.
  private boolean turnIsDue;

  /// Whether it waits for the log: for a batch, or until the log can be read again.
  private boolean awaitsLog;

  /// Whether a check for the end of its execution is scheduled.
  private boolean looksAgain;

  /// Whether the stream ends as soon as the current frame is complete.
  private boolean endIsDue;

  private boolean ended;
  private boolean takesPlace = true;

  private final long openedNanos = System.nanoTime();
  private long endedNanos;

  OpenStream(
      LiveParts parts,
      Fanout fanout,
      Turns turns,
      StreamRequest request,
      Framing framing,
      Runnable onClose) {
    this.parts = parts;
    this.fanout = fanout;
    this.turns = turns;
    this.request = request;
    this.framing = framing;
    this.onClose = onClose;
    this.reader = new Reader(request);
  }

  Reader reader() {
    return reader;
  }

  /// Returns the connection for reuse when the stream ends. Otherwise the connection ends with the
  /// stream, as it also does after a failure or if the reader sends more meanwhile.
  ///
  /// @param next receives the connection's pipeline without this handler
  public void handBackTo(Consumer<ChannelPipeline> next) {
    this.next = next;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    outlet = new Outlet(ctx, framing, parts);
    fanout.add(this);
    advance();
    if (ctx.channel() instanceof DuplexChannel socket && socket.isInputShutdown()) {
      probe(ctx); // half-closed while its request was answered
    }
  }

  /// Fetches the next events, unless live events, a batch from the log, or the connection becoming
  /// writable will continue the stream.
  private void advance() {
    Outlet out = outlet;
    if (ended || awaitsLog || reader.isLive() || out == null || !out.isWritable()) {
      return;
    }
    switch (reader.source(fanout.offered(), parts.tail().firstSequence())) {
      case NONE -> end();
      case FANOUT -> {
        reader.goLive();
        fanout.join(this);
        endIfOver();
      }
      case MEMORY -> takeFromMemory();
      case LOG -> readLog();
    }
  }

  private void takeFromMemory() {
    long number = parts.tail().find(reader.position());
    RecentCommit commit = number < 0 ? null : parts.tail().acquire(number);
    if (commit == null) {
      readLog(); // no longer in memory
      return;
    }
    long bytes = 0;
    boolean more = true;
    while (commit != null) {
      for (int i = 0; more && i < commit.size(); i++) {
        more = offer(commit, i);
      }
      if (more) {
        reader.passed(commit.lastSequence());
      }
      bytes += commit.weight();
      commit.release();
      commit = more && bytes < TURN_BYTES ? parts.tail().acquire(++number) : null;
    }
    takeTurn();
  }

  private void readLog() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      return;
    }
    awaitsLog = true;
    StoredBatch.Start from = new StoredBatch.Start(reader.position(), reader.part());
    EventLoop loop = ctx.channel().eventLoop();
    try {
      parts.readers().execute(() -> read(loop, ctx.alloc(), from));
    } catch (RejectedExecutionException e) {
      end(); // the server is stopping
    }
  }

  /// Runs on a blocking thread.
  private void read(EventLoop loop, ByteBufAllocator buffers, StoredBatch.Start from) {
    try {
      StoredBatch batch = StoredBatch.read(parts, request, from, buffers);
      hand(loop, () -> take(batch), batch::release);
    } catch (ExpiredException e) {
      hand(loop, () -> fail("Events expired before they could be read", "read_error"), () -> {});
    } catch (LogUnreachableException e) {
      hand(loop, this::advanceLater, () -> {});
    } catch (LogUnavailableException e) {
      hand(loop, () -> fail("The log cannot be read", "read_error"), () -> {});
    } catch (OutOfMemoryError e) {
      log.warn("Out of memory: a stream waits at sequence {}", from.sequence());
      hand(loop, this::advanceLater, () -> {});
    } catch (RuntimeException | Error e) {
      log.error("A stream failed at sequence {}", from.sequence(), e);
      hand(loop, () -> fail("An error occurred", "internal_error"), () -> {});
    }
  }

  private static void hand(EventLoop loop, Runnable work, Runnable orElse) {
    try {
      loop.execute(work);
    } catch (RejectedExecutionException e) {
      orElse.run();
    }
  }

  private void take(StoredBatch batch) {
    awaitsLog = false;
    Outlet out = outlet;
    if (ended || out == null) {
      batch.release();
      return;
    }
    reader.continueAt(batch.next());
    out.send(batch);
    if (endIsDue && !reader.isWithinFrame()) {
      end();
    } else {
      advance();
    }
  }

  /// Retries a little later: the log is unreachable, or memory is short.
  private void advanceLater() {
    ChannelHandlerContext ctx = context;
    if (ctx != null) {
      awaitsLog = true;
      var _ = ctx.channel().eventLoop().schedule(this::resume, AWAY_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void resume() {
    awaitsLog = false;
    advance();
  }

  /// Offers an event of a commit. If there is no room or no memory for it, the reader falls behind
  /// and gets it later.
  ///
  /// @return whether to offer the next one
  boolean offer(RecentCommit commit, int i) {
    Outlet out = outlet;
    if (ended || out == null) {
      return false;
    }
    if (!reader.wants(commit.sequence(i), commit.event(i))) {
      return true;
    }
    try {
      takeTurn();
      if (!send(out, commit, i)) {
        reader.fallBehind(commit.sequence(i));
        return false;
      }
    } catch (OutOfMemoryError e) {
      reader.fallBehind(commit.sequence(i));
      outOfMemory(out);
      return false;
    }
    if (endIsDue) {
      end();
    }
    return !ended;
  }

  private boolean send(Outlet out, RecentCommit commit, int i) {
    long sequence = commit.sequence(i);
    if (!out.hasRoom()) {
      return false;
    }
    if (Frames.isLarge(commit.event(i))) {
      int part = out.addPart(commit, i, reader.part());
      if (part < Frames.bytes(sequence, commit.event(i))) {
        reader.tookPart(sequence, part);
        return false;
      }
    } else {
      out.add(commit, i);
    }
    reader.took(sequence, commit.event(i));
    return true;
  }

  private void outOfMemory(Outlet out) {
    log.warn("Out of memory: a stream waits at sequence {}", reader.position());
    fanout.leave(this);
    if (out.holdsFrames() && context != null) {
      context.close(); // they count as sent; the reader resumes before them
    } else {
      advanceLater();
    }
  }

  /// Continues from the log, because the next commits are no longer in memory.
  ///
  /// @param from the first sequence that was not offered
  void loseTrack(long from) {
    reader.fallBehind(from);
    takeTurn();
  }

  private void takeTurn() {
    if (!turnIsDue) {
      turnIsDue = true;
      turns.add(this);
    }
  }

  /// Takes its turn: sends the offered events and fetches the next.
  @Override
  public void run() {
    turnIsDue = false;
    Outlet out = outlet;
    if (out == null) {
      return;
    }
    try {
      out.flush();
    } catch (OutOfMemoryError e) {
      reader.fallBehind(reader.position());
      outOfMemory(out);
    }
    advance();
    endIfOver();
  }

  /// Ends the stream if its execution is over and no event of it has followed within the grace.
  private void endIfOver() {
    ChannelHandlerContext ctx = context;
    if (ended || looksAgain || ctx == null || !reader.isLive() || !reader.isOver()) {
      return;
    }
    long quiet = System.nanoTime() - parts.tail().visibleBy(reader.lastOfExecution());
    long left = parts.config().executionGrace().toNanos() - quiet;
    if (left > 0 || fanout.offered() <= parts.log().range().head()) {
      looksAgain = true;
      var _ =
          ctx.channel()
              .eventLoop()
              .schedule(this::lookAgain, Math.max(left, OFFER_NANOS), TimeUnit.NANOSECONDS);
    } else {
      end();
    }
  }

  private void lookAgain() {
    looksAgain = false;
    endIfOver();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && !reader.isLive()) {
      takeTurn(); // not within a flush
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ReferenceCountUtil.release(message); // a reader sends nothing more
    next = null; // part of a request is lost, so the rest cannot be parsed
  }

  /// The reader has half-closed: it is gone, or it only reads from now on. Comments reveal which:
  /// the host of a gone reader rejects the first, and then the next fails.
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      next = null;
      probe(ctx);
    }
    ctx.fireUserEventTriggered(event);
  }

  private void probe(ChannelHandlerContext ctx) {
    PROBE_MILLIS.forEach(
        millis -> ctx.executor().schedule(this::sendComment, millis, TimeUnit.MILLISECONDS));
  }

  private void sendComment() {
    Outlet out = outlet;
    if (out != null && !ended && !reader.isWithinFrame() && out.isWritable()) {
      out.sendComment();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close(); // the reader disconnected
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    release();
  }

  private void release() {
    Outlet out = outlet;
    if (out != null) {
      ended = true;
      context = null;
      outlet = null;
      out.close();
      fanout.remove(this);
      makePlace();
    }
  }

  /// Frees its place for another stream.
  private void makePlace() {
    if (takesPlace) {
      takesPlace = false;
      onClose.run();
    }
  }

  /// Ends the stream between two frames: at once, or as soon as the current frame is complete.
  void end() {
    if (!reader.isWithinFrame()) {
      finish(null);
    } else if (!endIsDue) {
      endIsDue = true;
      endedNanos = System.nanoTime();
    }
  }

  /// Ends the stream with an `error` frame; the text and reason go into its JSON unescaped.
  private void fail(String text, String reason) {
    awaitsLog = false;
    if (!reader.isWithinFrame()) {
      finish(Frames.error(text, reason));
    } else if (context != null) {
      context.close(); // within a frame, no error can be sent
    }
  }

  private void finish(@Nullable ByteBuf lastFrame) {
    ChannelHandlerContext ctx = context;
    Outlet out = outlet;
    if (ended || ctx == null || out == null) {
      return;
    }
    ended = true;
    endedNanos = System.nanoTime();
    fanout.leave(this);
    if (lastFrame != null) {
      next = null;
    }
    if (next != null) {
      ctx.channel().config().setAutoRead(false); // the next request is read after the end
    }
    makePlace(); // before the client sees the end
    out.end(lastFrame).addListener(written -> handBack(ctx, written.isSuccess()));
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

  /// Checks the stream's timeouts, about every second.
  void sweep(long now) {
    ChannelHandlerContext ctx = context;
    Outlet out = outlet;
    if (ctx == null || out == null) {
      return;
    }
    out.countUnsent();
    if (ended || endIsDue) {
      if (now - endedNanos > END_GRACE_NANOS) {
        ctx.close();
      }
      return;
    }
    if (out.isStalledTooLong(now)) {
      log.warn("Closing a stream with a stalled reader: the memory for unsent answers is used up");
      ctx.close();
    } else if (isTooOld(now) || !parts.gate().stillAdmits(request.caller())) {
      end();
    } else if (out.silentNanos(now) >= parts.config().keepAlive().toNanos()) {
      sendComment();
    }
  }

  private boolean isTooOld(long now) {
    return parts
        .config()
        .maxDuration()
        .map(duration -> now - openedNanos > duration.toNanos())
        .orElse(false);
  }
}
