package io.galerne.server.log.jetstream;

import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.jetstream.SegmentIndex.Sealed;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks after the stream now and then: keeps segments that became complete, and forgets the oldest
/// events, by age and by size. Every node does; what one has done, the others find done.
///
/// An event is forgotten in two steps: first no read begins before it any more, then whole segments are
/// deleted from the stream.
///
/// The thread `galerne-expiry` alone moves `oldest`, once started; any thread reads the two volatile
/// fields.
final class StreamExpiry implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(StreamExpiry.class);
  private static final long CLOSE_SECONDS = 3;

  /// An event that is dated by more than this after now was written while a node's clock was wrong:
  /// it is at least as old as what follows.
  private static final long FUTURE_MILLIS = TimeUnit.HOURS.toMillis(1);

  /// How often it is looked for segments to keep.
  private static final long MOST_KEEPING_MILLIS = 1000;

  private final JetStreamLogConfig config;
  private final LogStream stream;
  private final SegmentIndex index;
  private final StoredIndex stored;
  private final ParkedReads parked;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("galerne-expiry").daemon().factory());

  private volatile long oldest = 1;
  private volatile long bytes;

  StreamExpiry(
      JetStreamLogConfig config, LogStream stream, SegmentIndex index, ParkedReads parked) {
    this.config = config;
    this.stream = stream;
    this.index = index;
    this.stored = new StoredIndex(stream);
    this.parked = parked;
  }

  /// Keeps segments from now on: also while the log is read for the first time, or many would wait.
  void startKeeping() {
    repeat(
        this::publishSegments, Math.min(MOST_KEEPING_MILLIS, config.expiryInterval().toMillis()));
  }

  /// Looks once for what to forget, then again and again.
  ///
  /// @throws io.galerne.server.log.LogUnreachableException where the cluster does not answer
  void start() {
    expire();
    long millis = config.expiryInterval().toMillis();
    repeat(parked::closeOld, millis);
    repeat(this::expire, millis);
  }

  private void repeat(Runnable work, long millis) {
    executor.scheduleWithFixedDelay(() -> attempt(work), millis, millis, TimeUnit.MILLISECONDS);
  }

  /// The oldest sequence that may be read.
  long oldest() {
    return oldest;
  }

  /// How much room the stream takes, as of the last look.
  long bytes() {
    return bytes;
  }

  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (LogUnavailableException e) {
      log.debug("Not now: {}", e.getMessage());
    } catch (RuntimeException | Error e) {
      log.error("Could not look after the stream; it is tried again", e);
    }
  }

  private void publishSegments() {
    for (Sealed next = index.nextToPublish(); next != null; next = index.nextToPublish()) {
      if (next.number() >= Segment.of(oldest)) {
        stored.publish(next); // others have waited too long
      }
      index.published(next);
    }
  }

  private void expire() {
    LogStream.State state = stream.state();
    bytes = state.bytes();
    long head = index.head();
    long keep = Math.max(oldest, Math.min(state.first(), head + 1));
    if (config.retentionAge().isPresent()) {
      long since = config.clock().millis() - config.retentionAge().get().toMillis();
      keep = Math.max(keep, firstAppendedSince(since, keep, head));
    }
    if (config.retentionBytes().isPresent() && bytes > config.retentionBytes().getAsLong()) {
      double share = 1 - (double) config.retentionBytes().getAsLong() / bytes;
      keep = Math.max(keep, state.first() + (long) (share * (head + 1 - state.first())));
    }
    if (keep > oldest) {
      long from = oldest;
      oldest = keep;
      if (from >= state.first()) {
        log.info("Expired the events from sequence {} to {}", from, keep - 1);
      }
    }
    long boundary = Segment.first(Segment.of(oldest));
    if (boundary > state.first()) {
      stream.purgeBefore(boundary);
    }
    for (long number : index.before(Segment.of(oldest))) {
      stored.drop(number);
      index.drop(number);
    }
  }

  /// The first event at or behind `from` that was appended at that time or later; `head + 1` where
  /// none was.
  private long firstAppendedSince(long millis, long from, long head) {
    long latest = config.clock().millis() + FUTURE_MILLIS;
    long low = from;
    long high = head + 1;
    while (low < high) {
      // the oldest is looked at first: most often there is nothing to forget
      long middle = low == from ? low : low + (high - low) / 2;
      Appended found = firstAppendedFrom(middle, head, latest);
      if (found == null) {
        high = middle;
      } else if (found.millis() < millis) {
        low = found.sequence() + 1;
      } else {
        high = middle;
      }
    }
    Appended first = firstAppendedFrom(low, head, Long.MAX_VALUE);
    return first == null ? head + 1 : first.sequence();
  }

  private record Appended(long sequence, long millis) {}

  /// The first event at or after a sequence; null if there is none up to the head. Passes over what
  /// somebody else has published, and over events that are dated after `latest`.
  private @Nullable Appended firstAppendedFrom(long sequence, long head, long latest) {
    LogStream.Kept found = stream.firstEventFrom(sequence);
    while (found != null && found.sequence() <= head) {
      try {
        long millis = StoredMessage.read(found.data()).millis();
        if (millis <= latest) {
          return new Appended(found.sequence(), millis);
        }
      } catch (IllegalArgumentException e) {
        log.debug("Sequence {} is no event", found.sequence(), e);
      }
      found = stream.firstEventFrom(found.sequence() + 1);
    }
    return null;
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      if (!executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("Looking after the stream takes longer than closing it may");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
