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

/// All streams of one event loop. Offers each commit to the streams that wait for it. A table finds
/// them by their filter's most selective key, so the cost of an event is that of its readers.
/// [Turns] sends what they take.
///
/// All fields belong to the event loop's thread; any thread may call [#wake].
final class Fanout implements Runnable {
  private static final Logger logger = LoggerFactory.getLogger(Fanout.class);

  /// Bytes offered before the loop returns to its other work.
  private static final long MOST_BYTES = 1L << 20;

  private static final int MOST_COMMITS = 32;

  private final EventLoop loop;
  private final LiveParts parts;
  private final Turns turns;

  private final AtomicBoolean awake = new AtomicBoolean();
  private final LongObjectHashMap<ArrayList<OpenStream>> waiting = new LongObjectHashMap<>();
  private final ArrayList<OpenStream> all = new ArrayList<>();

  private boolean ending;

  /// The number of the next commit to offer.
  private long nextCommit;

  /// Every lower sequence has been offered to the streams that were live then.
  private long offered;

  /// A stream's indexes: among all streams, and among those that wait for the same key.
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

  /// Every lower sequence has been offered to the streams that were live then.
  long offered() {
    return offered;
  }

  /// Signals new commits.
  void wake() {
    if (awake.compareAndSet(false, true)) {
      try {
        loop.execute(this);
      } catch (RejectedExecutionException e) {
        logger.debug("Not offering events: the server is stopping");
      }
    }
  }

  @Override
  public void run() {
    awake.set(false); // before looking, so that no commit is missed
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
      var _ = loop.schedule(this, 0, TimeUnit.NANOSECONDS); // after the loop has polled its sockets
    }
  }

  private @Nullable RecentCommit nextCommit() {
    RecentCommit commit = parts.tail().acquire(nextCommit);
    while (commit == null && nextCommit < parts.tail().first()) {
      // This loop fell behind the commits in memory: its streams read the log.
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
        // backwards: a stream that leaves is replaced by one that was already offered the event
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

  /// Starts offering commits to a stream.
  void join(OpenStream stream) {
    ArrayList<OpenStream> streams =
        waiting.computeIfAbsent(stream.reader().key(), key -> new ArrayList<>(1));
    stream.seat.waiting = streams.size();
    streams.add(stream);
  }

  /// Stops offering commits to a stream. Does nothing if it was not waiting.
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
      logger.error("The periodic check of the streams failed; retrying in a second", e);
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

  /// Ends every stream between two frames, including those opened later.
  void endAll() {
    ending = true;
    List.copyOf(all).forEach(OpenStream::end);
  }
}
