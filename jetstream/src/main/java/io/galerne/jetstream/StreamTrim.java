package io.galerne.jetstream;

import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.store.EventStore;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps the beginnings of the stream and of this node's store in step: regularly deletes messages
/// from the stream whose events have expired here, and expires events here that others deleted
/// there.
///
/// The newest commit always stays in the stream, even if its events have expired: it holds the last
/// assigned sequence. Runs on the thread `galerne-trim`.
final class StreamTrim implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamTrim.class);
  private static final long CLOSE_SECONDS = 3;

  private final LogStream stream;
  private final EventStore store;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("galerne-trim").daemon().factory());

  StreamTrim(LogStream stream, EventStore store) {
    this.stream = stream;
    this.store = store;
  }

  void start(Duration interval) {
    long millis = interval.toMillis();
    executor.scheduleWithFixedDelay(this::run, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void run() {
    try {
      trim();
    } catch (LogUnavailableException e) {
      log.debug("The stream is not trimmed now: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("Could not trim the NATS stream {}; retrying", stream.name(), e);
    }
  }

  private void trim() {
    long head = store.head(); // read before the position, which then is the head's or a later one
    long position = store.position();
    long first = stream.state().first();
    Found oldest = first > position ? null : firstCommitFrom(first, position);
    if (oldest == null) {
      return; // this node has not applied that yet
    }
    CommitPart part = oldest.part();
    store.expireBefore(part.part() == 0 ? part.first() : part.last() + 1);
    long keep = Math.min(store.range().oldest(), head);
    long begin = part.last() < keep ? findCommit(keep, first, position) : first;
    if (begin > first) {
      stream.purgeBefore(begin);
      log.info("Deleted the messages {} to {} of the NATS stream", first, begin - 1);
    }
  }

  /// Returns the position of the commit that contains a sequence; `first` if there is none.
  ///
  /// The first sequences in messages ascend, even those of torn commits.
  private long findCommit(long sequence, long first, long position) {
    long low = first;
    long high = position;
    long found = first;
    while (low <= high) {
      long middle = low + (high - low) / 2;
      Found message = firstCommitFrom(middle, high);
      if (message == null || message.part().first() > sequence) {
        high = middle - 1;
      } else {
        found = message.position() - message.part().part();
        low = message.position() + 1;
      }
    }
    return found;
  }

  private record Found(long position, CommitPart part) {}

  /// Returns the first message of a commit at or after a position; null if there is none up to
  /// `last`. Skips messages that Galerne did not publish.
  private @Nullable Found firstCommitFrom(long position, long last) {
    LogStream.Kept kept = stream.firstFrom(position);
    while (kept != null && kept.position() <= last) {
      try {
        return new Found(kept.position(), CommitPart.read(kept.data()));
      } catch (IllegalArgumentException e) {
        kept = stream.firstFrom(kept.position() + 1);
      }
    }
    return null;
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Trimming the NATS stream takes longer than a shutdown may");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
