package io.galerne.server.live;

import io.galerne.server.log.EventRecord;
import io.netty.channel.EventLoop;
import io.netty.util.collection.LongObjectHashMap;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All streams of one event loop. Offers each commit to those that wait for it: a table finds them
/// by the key that selects the least of what they ask for, so an event costs what its readers cost.
/// What they take is sent in [Turns].
///
/// Everything here belongs to the event loop's thread, but [#wake], which any thread may call.
final class Fanout implements Runnable {
  private static final Logger logger = LoggerFactory.getLogger(Fanout.class);

  /// What is offered before the loop turns to its other work.
  private static final long MOST_BYTES = 1L << 20;

  private static final int MOST_COMMITS = 32;

  private final EventLoop loop;
  private final LiveParts parts;
  private final Turns turns;

  private final AtomicBoolean awake = new AtomicBoolean();
  private final LongObjectHashMap<ArrayList<OpenStream>> waiting = new LongObjectHashMap<>();
  private final ArrayList<OpenStream> all = new ArrayList<>();

  private boolean ending;

  /// The number of the commit that is offered next.
  private long nextCommit;

  /// Every sequence below it has been offered to the streams that were live then.
  private long offered;

  /// Where a stream stands here: among all, and among those that wait for the same key.
  static final class Seat {
    private int index;

    /// -1 if it does not wait.
    private int waiting = -1;
  }

  /// @param head the head of the log before the first commit in memory
  Fanout(EventLoop loop, long head, LiveParts parts, Turns turns) {
    this.loop = loop;
    this.parts = parts;
    this.turns = turns;
    this.offered = head + 1;
    loop.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
  }

  /// Every sequence below it has been offered to the streams that were live then.
  long offered() {
    return offered;
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
    long bytes = 0;
    for (int commits = 0; commits < MOST_COMMITS && bytes < MOST_BYTES; commits++) {
      RecentCommit commit = nextCommit();
      if (commit == null) {
        return;
      }
      try {
        offer(commit);
      } finally {
        commit.release();
      }
      bytes += commit.weight();
      nextCommit++;
      offered = commit.lastSequence() + 1;
      turns.offered(commit.acceptedNanos());
    }
    if (awake.compareAndSet(false, true)) {
      var _ =
          loop.schedule(this, 0, TimeUnit.NANOSECONDS); // after the loop has looked at its sockets
    }
  }

  private @Nullable RecentCommit nextCommit() {
    RecentCommit commit = parts.tail().acquire(nextCommit);
    while (commit == null && nextCommit < parts.tail().first()) {
      // This loop was held up for longer than memory reaches back: its streams read the log.
      loseTrack();
      commit = parts.tail().acquire(nextCommit);
    }
    return commit;
  }

  private void loseTrack() {
    long from = offered;
    nextCommit = parts.tail().first();
    RecentCommit oldest = parts.tail().acquire(nextCommit);
    if (oldest != null) {
      offered = oldest.firstSequence();
      oldest.release();
    }
    for (OpenStream stream : all) {
      if (stream.seat.waiting >= 0) {
        stream.seat.waiting = -1;
        stream.loseTrack(from);
      }
    }
    waiting.clear();
  }

  private void offer(RecentCommit commit) {
    if (waiting.isEmpty()) {
      return;
    }
    for (int i = 0; i < commit.size(); i++) {
      EventRecord event = commit.event(i);
      for (long key : event.keys()) {
        ArrayList<OpenStream> streams = waiting.get(key);
        if (streams == null) {
          continue;
        }
        // from the end: one that leaves is replaced by one that was asked before
        for (int k = streams.size() - 1; k >= 0; k--) {
          OpenStream stream = streams.get(k);
          if (!stream.offer(commit, i)) {
            leave(stream);
          }
        }
      }
    }
  }

  void add(OpenStream stream) {
    stream.seat.index = all.size();
    all.add(stream);
    if (ending) {
      stream.end();
    }
  }

  void remove(OpenStream stream) {
    leave(stream);
    OpenStream last = all.removeLast();
    if (last != stream) {
      all.set(stream.seat.index, last);
      last.seat.index = stream.seat.index;
    }
  }

  /// From now on, commits are offered to this stream.
  void join(OpenStream stream) {
    ArrayList<OpenStream> streams =
        waiting.computeIfAbsent(stream.reader().key(), key -> new ArrayList<>(1));
    stream.seat.waiting = streams.size();
    streams.add(stream);
  }

  /// Commits are not offered to this stream any more. Does nothing if they were not.
  void leave(OpenStream stream) {
    int seat = stream.seat.waiting;
    if (seat < 0) {
      return;
    }
    stream.seat.waiting = -1;
    ArrayList<OpenStream> streams = waiting.get(stream.reader().key());
    OpenStream last = streams.removeLast();
    if (last != stream) {
      streams.set(seat, last);
      last.seat.waiting = seat;
    }
    if (streams.isEmpty()) {
      waiting.remove(stream.reader().key());
    }
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
    long head = parts.log().range().head();
    long lag = 0;
    int live = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      OpenStream stream = all.get(i);
      live += stream.reader().isLive() ? 1 : 0;
      lag = Math.max(lag, stream.reader().lag(head));
      stream.sweep(now);
    }
    parts.meter().seen(loop, live, all.size() - live, lag);
  }

  /// Ends every stream between two frames, also those that open later.
  void endAll() {
    ending = true;
    List.copyOf(all).forEach(OpenStream::end);
  }
}
