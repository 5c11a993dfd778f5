package io.galerne.server.live;

import io.galerne.server.access.Gate;
import io.galerne.server.log.EventLog;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Every open stream of the server. Follows the log once, however many readers there are, and wakes
/// the event loops, each of which serves its own streams. Safe for use by several threads.
public final class Live implements AutoCloseable {
  private final LiveParts parts;
  private final Map<EventExecutor, Loop> loops;
  private final AtomicInteger open = new AtomicInteger();

  /// One event loop.
  private record Loop(EventLoop loop, Fanout fanout, Turns turns) {}

  /// Starts to follow the log; to be made before the first append.
  ///
  /// @param loops the event loops that connections belong to
  /// @param readers runs reads of the log, which block
  /// @param gate decides whose streams must end
  public Live(
      EventLog log,
      List<EventLoop> loops,
      Executor readers,
      LiveConfig config,
      LiveMeter meter,
      Gate gate) {
    this.parts =
        new LiveParts(
            log,
            new Tail(),
            new LargeEvents(),
            readers,
            config,
            meter,
            gate,
            new SendBudget(),
            Frames.retry(config.retry().toMillis()));
    List<Fanout> fanouts = new CopyOnWriteArrayList<>();
    long head =
        log.follow(commit -> {
          parts.tail().add(commit);
          fanouts.forEach(Fanout::wake);
        });
    this.loops = new HashMap<>();
    for (EventLoop loop : loops) {
      Turns turns = new Turns(loop, meter::latency);
      Fanout fanout = new Fanout(loop, head, parts, turns);
      fanouts.add(fanout);
      this.loops.put(loop, new Loop(loop, fanout, turns));
    }
    fanouts.forEach(Fanout::wake); // for what others have appended meanwhile
  }

  /// Opens a stream on a connection: what it returns begins to deliver when it is added to the
  /// connection's pipeline, on its event loop, as the last handler, after the response's head.
  ///
  /// @param framing how the connection carries its bytes
  /// @return null if there are as many streams as there may be
  public @Nullable OpenStream open(Channel channel, StreamRequest request, Framing framing) {
    if (open.incrementAndGet() > parts.config().maxStreams()) {
      open.decrementAndGet();
      return null;
    }
    Loop loop = loops.get(channel.eventLoop());
    if (loop == null) {
      throw new IllegalArgumentException("The connection belongs to another event loop");
    }
    return new OpenStream(
        parts, loop.fanout(), loop.turns(), request, framing, open::decrementAndGet);
  }

  /// What waits to be sent on all connections, of lists too.
  public SendBudget budget() {
    return parts.budget();
  }

  /// Large events that are being sent in parts, in lists too.
  public LargeEvents largeEvents() {
    return parts.largeEvents();
  }

  /// How many streams are open.
  public int streams() {
    return open.get();
  }

  /// Asks every stream to end between two frames; it does soon after.
  public void endAll() {
    loops.values().forEach(loop -> loop.loop().execute(loop.fanout()::endAll));
  }

  /// Frees what is kept in memory; to be called once the event loops have ended.
  @Override
  public void close() {
    parts.tail().clear();
  }
}
