package io.galerne.server.live;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets the streams of one event loop send in turns. An idle loop sends at once. A busy one serves
/// its connections in between, so that requests never wait until the last reader has an event; a
/// stream also sends events that arrive before its turn.
///
/// For the event loop's thread.
final class Turns {
  private static final Logger logger = LoggerFactory.getLogger(Turns.class);

  /// How long streams send before the loop polls for requests: long enough to make polling cheap,
  /// short compared with a request.
  private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final EventLoop loop;
  private final LongConsumer latency;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final ArrayDeque<Offered> offered = new ArrayDeque<>();
  private boolean scheduled;

  /// The number of turns taken, and of turns requested.
  private long had;

  private long due;

  /// A commit offered to the streams of this loop; sent after `due` turns.
  private record Offered(long acceptedNanos, long due) {}

  /// @param latency receives the time from a commit's acceptance until it was sent, in nanoseconds
  Turns(EventLoop loop, LongConsumer latency) {
    this.loop = loop;
    this.latency = latency;
  }

  /// Queues a turn for a stream.
  void add(Runnable stream) {
    waiting.add(stream);
    due++;
    if (!scheduled) {
      scheduled = true;
      try {
        loop.execute(this::slice);
      } catch (RejectedExecutionException e) {
        logger.debug("Streams have no more turns: the server is stopping");
      }
    }
  }

  /// Records that the streams now waiting were offered a commit.
  void offered(long acceptedNanos) {
    if (had < due) {
      offered.add(new Offered(acceptedNanos, due));
    }
  }

  private void slice() {
    long start = System.nanoTime();
    long now = start;
    while (!waiting.isEmpty() && now - start < SLICE_NANOS) {
      Runnable stream = waiting.remove();
      had++;
      try {
        stream.run();
      } catch (RuntimeException | Error e) {
        logger.error("A stream failed in its turn; continuing with the others", e);
      }
      now = System.nanoTime();
    }
    while (!offered.isEmpty() && offered.getFirst().due() <= had) {
      latency.accept(now - offered.removeFirst().acceptedNanos());
    }
    scheduled = !waiting.isEmpty();
    if (scheduled) {
      // even a zero timer fires after the loop has polled its sockets; a task does not
      loop.schedule(this::slice, 0, TimeUnit.NANOSECONDS);
    }
  }
}
