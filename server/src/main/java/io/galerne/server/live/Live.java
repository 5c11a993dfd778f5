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

/// All open streams of the server. Follows the log once for all readers and wakes the event loops,
/// each of which serves its own streams. Thread-safe.
public final class Live implements AutoCloseable {
  private final LiveParts parts;
  private final Map<EventExecutor, Loop> loops;
  private final AtomicInteger open = new AtomicInteger();

  /// One event loop.
  private record Loop(EventLoop loop, Fanout fanout, Turns turns) {}

  /// Starts following the log. Create this before the first append.
  ///
  /// @param loops the event loops that connections belong to
  /// @param readers runs blocking reads of the log
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
    fanouts.forEach(Fanout::wake); // for events appended meanwhile
  }

  /// Opens a stream on a connection. The returned handler starts delivering when it is added to the
  /// connection's pipeline, on its event loop, as the last handler, after the response's head.
  ///
  /// @param framing how the connection carries its bytes
  /// @return null if the limit of open streams is reached
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

  /// The budget for unsent bytes on all connections, including those of lists.
  public SendBudget budget() {
    return parts.budget();
  }

  /// Large events that are being sent in parts, including those in lists.
  public LargeEvents largeEvents() {
    return parts.largeEvents();
  }

  /// The number of open streams.
  public int streams() {
    return open.get();
  }

  /// Has every stream end between two frames, asynchronously.
  public void endAll() {
    loops.values().forEach(loop -> loop.loop().execute(loop.fanout()::endAll));
  }

  /// Frees the commits in memory. Call it after the event loops have ended.
  @Override
  public void close() {
    parts.tail().clear();
  }
}
