package io.galerne.server.live;

import io.galerne.server.access.Gate;
import io.galerne.server.log.Commit;
import io.galerne.server.log.EventLog;
import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.EventExecutor;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Every open stream of the server. Follows the log once, however many readers there are, and wakes
/// the event loops, each of which serves its own streams. Safe for use by several threads.
public final class Live implements AutoCloseable {
  private final LiveConfig config;
  private final Tail tail = new Tail();
  private final SendBudget budget = new SendBudget();
  private final LargeEvents largeEvents = new LargeEvents();
  private final Map<EventExecutor, Fanout> fanouts;
  private final List<Fanout> all;
  private final AtomicInteger open = new AtomicInteger();

  /// Starts to follow the log; to be made before the first append.
  ///
  /// @param loops the event loops that connections belong to
  /// @param readers runs reads of the log, which block
  /// @param gate tells whose streams must end
  public Live(
      EventLog log,
      List<EventLoop> loops,
      Executor readers,
      LiveConfig config,
      LiveMeter meter,
      Gate gate) {
    this.config = config;
    this.all = new CopyOnWriteArrayList<>();
    long head = log.follow(this::follow);
    for (EventLoop loop : loops) {
      all.add(new Fanout(loop, log, head, tail, readers, config, meter, gate, budget, largeEvents));
    }
    this.fanouts = all.stream().collect(Collectors.toMap(Fanout::loop, Function.identity()));
    all.forEach(Fanout::wake); // for what others have appended meanwhile
  }

  private void follow(Commit commit) {
    tail.add(commit);
    all.forEach(Fanout::wake);
  }

  /// Opens a stream on a connection: what it returns begins to deliver when it is added to the
  /// connection's pipeline, on its event loop, as the last handler, behind the response's head.
  ///
  /// @return null where there are as many streams as there may be
  public @Nullable Subscription open(Channel channel, StreamRequest request) {
    if (open.incrementAndGet() > config.maxStreams()) {
      open.decrementAndGet();
      return null;
    }
    Fanout fanout = fanouts.get(channel.eventLoop());
    if (fanout == null) {
      throw new IllegalArgumentException("The connection belongs to another event loop");
    }
    return new Subscription(fanout, request, open::decrementAndGet);
  }

  /// What waits to be sent on all connections, of lists too.
  public SendBudget budget() {
    return budget;
  }

  /// Large events that are being sent in parts, in lists too.
  public LargeEvents largeEvents() {
    return largeEvents;
  }

  /// How many streams are open.
  public int streams() {
    return open.get();
  }

  /// Asks every stream to end between two frames; it does soon after.
  public void endAll() {
    all.forEach(fanout -> fanout.loop().execute(fanout::endAll));
  }

  /// Frees what is kept in memory; to be called once the event loops have ended.
  @Override
  public void close() {
    tail.clear();
  }
}
