package io.galerne.server.live;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the streams of one event loop have to send, one stream after the other. An idle loop sends at
/// once. A busy one serves its connections in between, so that requests never wait until the last
/// reader has got an event; what arrives meanwhile goes out together with what a stream has to send.
///
/// For the event loop's thread.
final class Turns {
  private static final Logger logger = LoggerFactory.getLogger(Turns.class);

  /// How long streams send until the loop looks for requests: long enough that looking costs little,
  /// short beside the time that a request takes.
  private static final long SLICE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

  private final EventLoop loop;
  private final LongConsumer latency;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private final ArrayDeque<Offered> offered = new ArrayDeque<>();
  private boolean scheduled;

  /// How many turns there were, and how many there were to be.
  private long had;

  private long due;

  /// A commit that has been offered to the streams of this loop: it is sent once they had their turns.
  private record Offered(long acceptedNanos, long due) {}

  /// @param latency takes how long each commit took until it was sent, in nanoseconds
  Turns(EventLoop loop, LongConsumer latency) {
    this.loop = loop;
    this.latency = latency;
  }

  /// Gives a stream a turn after those that wait already.
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

  /// Notes that the streams that wait now have been offered a commit.
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
        logger.error("A stream failed in its turn; the others have theirs", e);
      }
      now = System.nanoTime();
    }
    while (!offered.isEmpty() && offered.getFirst().due() <= had) {
      latency.accept(now - offered.removeFirst().acceptedNanos());
    }
    scheduled = !waiting.isEmpty();
    if (scheduled) {
      // a timer, however short, is due after the loop has looked at its sockets; a task is not
      loop.schedule(this::slice, 0, TimeUnit.NANOSECONDS);
    }
  }
}
