package io.galerne.server.live;

import io.galerne.server.access.Caller;
import io.galerne.server.access.Gate;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All streams of one event loop. Offers each commit to those that wait for it: a table finds them
/// by the key that selects the least of what they ask for, so an event costs what its readers cost.
///
/// Everything here belongs to the event loop's thread, but [#wake], which any thread may call.
final class Fanout implements Runnable {
  private static final Logger logger = LoggerFactory.getLogger(Fanout.class);

  /// What is offered before the loop turns to its other work.
  private static final long TURN_BYTES = 1L << 20;

  private static final int TURN_COMMITS = 32;

  private final EventLoop loop;
  private final EventLog log;
  private final Tail tail;
  private final Executor readers;
  private final LiveConfig config;
  private final LiveMeter meter;
  private final Gate gate;
  private final SendBudget budget;
  private final LargeEvents largeEvents;
  private final ByteBuf retryHint;

  private final AtomicBoolean awake = new AtomicBoolean();
  private final LongObjectHashMap<ArrayList<Subscription>> interested = new LongObjectHashMap<>();
  private final ArrayList<Subscription> all = new ArrayList<>();
  private final ArrayList<Subscription> touched = new ArrayList<>();

  private boolean ending;

  /// The number of the commit that is offered next.
  private long nextCommit;

  /// Every sequence below it has been offered to the streams that were live then.
  private long cursor;

  /// @param head the head of the log before the first commit in `tail`
  Fanout(
      EventLoop loop,
      EventLog log,
      long head,
      Tail tail,
      Executor readers,
      LiveConfig config,
      LiveMeter meter,
      Gate gate,
      SendBudget budget,
      LargeEvents largeEvents) {
    this.loop = loop;
    this.log = log;
    this.tail = tail;
    this.readers = readers;
    this.config = config;
    this.meter = meter;
    this.gate = gate;
    this.budget = budget;
    this.largeEvents = largeEvents;
    this.retryHint = Frames.retry(config.retry().toMillis());
    this.cursor = head + 1;
    loop.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  /// What goes before the first frame of every stream.
  ByteBuf retryHint() {
    return retryHint;
  }

  LiveConfig config() {
    return config;
  }

  EventLog log() {
    return log;
  }

  Executor readers() {
    return readers;
  }

  LiveMeter meter() {
    return meter;
  }

  SendBudget budget() {
    return budget;
  }

  LargeEvents largeEvents() {
    return largeEvents;
  }

  long cursor() {
    return cursor;
  }

  /// Whether everything that is durable has been offered.
  boolean isCurrent() {
    return cursor > log.range().head();
  }

  /// `System.nanoTime()` of when the event of that sequence was visible at the latest.
  long visibleBy(long sequence) {
    return tail.visibleBy(sequence);
  }

  boolean stillAdmits(Caller caller) {
    return gate.stillAdmits(caller);
  }

  /// Says that there are new commits.
  void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        loop.execute(this);
      } catch (RejectedExecutionException e) {
        logger.debug("Nobody is left to offer events to: the server is stopping");
      }
    }
  }

  @Override
  public void run() {
    awake.set(false); // before looking, so that no commit is overlooked
    List<RecentCommit> turn = new ArrayList<>();
    long bytes = 0;
    while (turn.size() < TURN_COMMITS && bytes < TURN_BYTES) {
      RecentCommit commit = nextCommit();
      if (commit == null) {
        break;
      }
      turn.add(commit);
      bytes += commit.weight();
      offer(commit);
      nextCommit++;
      cursor = commit.lastSequence() + 1;
    }
    if (!touched.isEmpty()) {
      long now = System.nanoTime();
      turn.forEach(commit -> meter.latency(now - commit.acceptedNanos()));
    }
    finish(turn);
    if (bytes >= TURN_BYTES || turn.size() == TURN_COMMITS) {
      wake();
    }
  }

  private @Nullable RecentCommit nextCommit() {
    RecentCommit commit = tail.acquire(nextCommit);
    while (commit == null && nextCommit < tail.first()) {
      // This loop was held up for longer than memory reaches back: its streams read the log.
      loseTrack();
      commit = tail.acquire(nextCommit);
    }
    return commit;
  }

  private void loseTrack() {
    List<Subscription> live = all.stream().filter(Subscription::isLive).toList();
    long from = cursor;
    nextCommit = tail.first();
    RecentCommit oldest = tail.acquire(nextCommit);
    if (oldest != null) {
      cursor = oldest.firstSequence();
      oldest.release();
    }
    live.forEach(subscription -> subscription.fallBehind(from));
    live.forEach(Subscription::advance);
  }

  private void offer(RecentCommit commit) {
    if (interested.isEmpty()) {
      return;
    }
    for (int i = 0; i < commit.size(); i++) {
      EventRecord event = commit.event(i);
      for (long key : event.keys()) {
        ArrayList<Subscription> waiting = interested.get(key);
        if (waiting == null) {
          continue;
        }
        // from the end: who leaves is replaced by one that was asked before
        for (int k = waiting.size() - 1; k >= 0; k--) {
          waiting.get(k).offer(commit, i);
        }
      }
    }
  }

  /// Offers what this loop has passed already to one stream that is behind.
  ///
  /// @return false where memory does not reach back to its position
  boolean catchUp(Subscription subscription) {
    long number = tail.find(subscription.position());
    if (number < 0) {
      return false;
    }
    List<RecentCommit> turn = new ArrayList<>();
    long bytes = 0;
    boolean goOn = true;
    while (goOn && number < nextCommit && turn.size() < TURN_COMMITS && bytes < TURN_BYTES) {
      RecentCommit commit = tail.acquire(number++);
      if (commit == null) {
        break;
      }
      turn.add(commit);
      bytes += commit.weight();
      for (int i = 0; goOn && i < commit.size(); i++) {
        goOn = subscription.offer(commit, i);
      }
      if (goOn) {
        subscription.passed(commit.lastSequence());
      }
    }
    finish(turn);
    return !turn.isEmpty();
  }

  private void finish(List<RecentCommit> turn) {
    touched.forEach(Subscription::flush);
    touched.clear();
    turn.forEach(RecentCommit::release);
  }

  /// Notes that a stream was given something in this turn.
  void touch(Subscription subscription) {
    touched.add(subscription);
  }

  void add(Subscription subscription) {
    subscription.index = all.size();
    all.add(subscription);
  }

  void remove(Subscription subscription) {
    leave(subscription);
    Subscription last = all.removeLast();
    if (last != subscription) {
      all.set(subscription.index, last);
      last.index = subscription.index;
    }
  }

  /// From now on, commits are offered to this stream.
  void join(Subscription subscription) {
    ArrayList<Subscription> waiting =
        interested.computeIfAbsent(subscription.key(), key -> new ArrayList<>(1));
    subscription.seat = waiting.size();
    waiting.add(subscription);
  }

  /// Commits are not offered to this stream any more. Does nothing where they were not.
  void leave(Subscription subscription) {
    if (subscription.seat < 0) {
      return;
    }
    ArrayList<Subscription> waiting = interested.get(subscription.key());
    Subscription last = waiting.removeLast();
    if (last != subscription) {
      waiting.set(subscription.seat, last);
      last.seat = subscription.seat;
    }
    if (waiting.isEmpty()) {
      interested.remove(subscription.key());
    }
    subscription.seat = -1;
  }

  private void sweep() {
    try {
      lookAfterAll();
    } catch (RuntimeException | Error e) {
      logger.error("Could not look after the streams; it is tried again", e);
    }
  }

  private void lookAfterAll() {
    long now = System.nanoTime();
    long head = log.range().head();
    long lag = 0;
    int live = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      Subscription subscription = all.get(i);
      live += subscription.isLive() ? 1 : 0;
      lag = Math.max(lag, subscription.lag(head));
      subscription.sweep(now);
    }
    meter.seen(loop, live, all.size() - live, lag);
  }

  /// Whether streams that open now are to end at once.
  boolean isEnding() {
    return ending;
  }

  /// Ends every stream between two frames, also those that open later.
  void endAll() {
    ending = true;
    List.copyOf(all).forEach(Subscription::end);
  }
}
