package io.galerne.jetstream;

import io.galerne.jetstream.Progress.End;
import io.galerne.server.log.AppendQueue;
import io.galerne.server.log.Health;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.PendingAppend;
import io.galerne.server.log.store.Draft;
import io.galerne.server.log.store.EventStore;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of this node that publishes to the stream. It publishes the waiting appends as
/// one commit, on condition that the stream still ends where this node has applied it.
///
/// All failures have one remedy. If another node was faster, an answer got lost or a leader died,
/// this node applies what the stream holds, drafts the group again and publishes on top. If its
/// first attempt was stored after all, the new draft finds only repeats. If that attempt is still
/// under way, only one of the two is stored, because both expect the same last message.
///
/// [View] answers an append when its commit is applied. Other threads only add to `queue`.
final class Publisher implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Publisher.class);

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How long a commit is retried: longer than the election of a leader, shorter than the limit of
  /// a request.
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(12);

  /// How long one publication may take to be answered, and then to be applied.
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// After this long without progress, a commit of another node counts as torn. If its writer is
  /// still alive, the rest is refused, and it starts over.
  private static final long TORN_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// How long to wait for each other node, in round trips: one to see our commit and publish its
  /// own, and more for a busy machine.
  private static final int TURN_ROUND_TRIPS = 2;

  private static final long MOST_ROUND_TRIP_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// A group that had to wait takes in further appends up to this many bytes.
  private static final long ENOUGH_BYTES = 1 << 20;

  /// JetStream's error code: the stream does not end where the message expects it to.
  private static final int WRONG_LAST_SEQUENCE = 10_071;

  /// JetStream's error codes for no more room: in the stream, the account, a server, the cluster.
  private static final Set<Integer> FULL = Set.of(10_077, 10_002, 10_047, 10_023);

  private static final String OTHERS_FASTER =
      "Other nodes were always faster to append; publish again, or to fewer nodes";

  private static final long CLOSE_MILLIS = 2_500;

  private final LogStream stream;
  private final EventStore store;
  private final Progress progress;
  private final InFlight inFlight;
  private final Turns turns;
  private final long writer;
  private final AppendQueue queue = new AppendQueue();
  private final Thread thread = Thread.ofPlatform().name("galerne-commit").unstarted(this::run);

  private long commits;
  private long roundTripNanos = TimeUnit.MILLISECONDS.toNanos(1);

  /// When the last commit of this node was applied.
  private long committedNanos = System.nanoTime();

  /// Whether the stream was full at the last attempt.
  private boolean full;

  private static final class StreamFullException extends LogUnavailableException {
    private static final long serialVersionUID = 1L;

    private StreamFullException(String reason) {
      super(reason);
    }
  }

  /// @param writer this node's writer id
  Publisher(
      LogStream stream,
      EventStore store,
      Progress progress,
      InFlight inFlight,
      Turns turns,
      long writer) {
    this.stream = stream;
    this.store = store;
    this.progress = progress;
    this.inFlight = inFlight;
    this.turns = turns;
    this.writer = writer;
  }

  void start() {
    thread.start();
  }

  /// Accepts an append for one of the next commits.
  ///
  /// @return whether there was room for it
  boolean offer(PendingAppend append) {
    return queue.offer(append);
  }

  int pendingEvents() {
    return queue.events();
  }

  private void run() {
    List<PendingAppend> group = List.of();
    try {
      while (!queue.isFinished()) {
        group = queue.take(IDLE_NANOS);
        if (!group.isEmpty()) {
          commit(group);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("{}", AppendQueue.STOPPED, e);
      progress.end(AppendQueue.STOPPED);
      refuse(group, AppendQueue.STOPPED);
      queue.refuseAll(AppendQueue.STOPPED);
      throw e;
    }
  }

  private void commit(List<PendingAppend> taken) throws InterruptedException {
    long deadline = System.nanoTime() + MOST_NANOS;
    List<PendingAppend> group = awaitTurn(taken);
    while (true) {
      String trouble;
      try {
        if (attempt(group, deadline)) {
          return;
        }
        trouble = OTHERS_FASTER;
        group = withMore(group);
      } catch (LogUnreachableException e) {
        trouble = e.reason();
        progress.awaitBeyond(progress.end().last(), PAUSE_NANOS);
      } catch (LogUnavailableException e) {
        refuse(group, e.reason());
        return;
      }
      Health health = progress.health();
      if (!health.ready() || System.nanoTime() > deadline || progress.isClosed()) {
        refuse(group, health.ready() ? trouble : health.detail());
        return;
      }
    }
  }

  private static void refuse(List<PendingAppend> group, String reason) {
    group.forEach(append -> append.refuse(reason));
  }

  /// Lets other busy nodes publish, and takes in the appends that arrive meanwhile.
  private List<PendingAppend> awaitTurn(List<PendingAppend> group) throws InterruptedException {
    int others = turns.awaited();
    long until = committedNanos + (long) others * TURN_ROUND_TRIPS * roundTripNanos;
    if (others == 0 || until - System.nanoTime() <= 0) {
      return group;
    }
    long left = until - System.nanoTime();
    while (turns.awaited() > 0 && left > 0) {
      progress.awaitBeyond(progress.end().last(), left);
      left = until - System.nanoTime();
    }
    return withMore(group);
  }

  private List<PendingAppend> withMore(List<PendingAppend> group) throws InterruptedException {
    long bytes = group.stream().mapToLong(PendingAppend::bytes).sum();
    if (bytes >= ENOUGH_BYTES || queue.events() == 0) {
      return group;
    }
    List<PendingAppend> more = new ArrayList<>(group);
    more.addAll(queue.take(0));
    return more;
  }

  /// Publishes the events that are not stored yet, and waits until they have been applied.
  ///
  /// @return whether the group is answered now
  private boolean attempt(List<PendingAppend> group, long deadline) throws InterruptedException {
    long last = settledEnd(deadline);
    Draft draft = store.draft(group, stream.identity().floor());
    if (draft.isEmpty()) {
      draft.answer();
      return true;
    }
    List<CommitPart> parts = CommitPart.cut(draft.blocks(), writer, ++commits, stream.mostBytes());
    if (full) {
      requireRoom(parts);
    }
    inFlight.set(writer, commits, draft);
    long began = System.nanoTime();
    if (!send(parts, last)) {
      progress.awaitBeyond(last, ANSWER_NANOS);
      return false;
    }
    noteRoom();
    if (progress.awaitBeyond(last + parts.size() - 1, ANSWER_NANOS)) {
      committedNanos = System.nanoTime();
      long took = Math.min(committedNanos - began, MOST_ROUND_TRIP_NANOS);
      roundTripNanos = (7 * roundTripNanos + took) / 8;
    }
    return group.stream().allMatch(append -> append.sequences().isDone());
  }

  /// Waits until the stream ends with a complete commit, or with one that will never be complete:
  /// one that this node has given up, or one that does not progress.
  ///
  /// @return the last position that this node has applied, or skipped
  /// @throws LogUnreachableException if the stream is not followed, so that its end is not known
  ///     for certain
  private long settledEnd(long deadline) throws InterruptedException {
    while (true) {
      Health health = progress.health();
      if (!health.ready()) {
        throw new LogUnreachableException(health.detail());
      }
      if (!progress.isFollowing(stream.cluster().losses())) {
        throw new LogUnreachableException("The connection to NATS was lost");
      }
      End end = progress.end();
      if (!end.isOpen() || end.writer() == writer) {
        return end.last();
      }
      long left = end.sinceNanos() + TORN_NANOS - System.nanoTime();
      if (left <= 0) {
        log.warn(
            "The commit at the end of the NATS stream {}, at message {}, is torn: publishing on top",
            stream.name(),
            end.last());
        return end.last();
      }
      if (System.nanoTime() > deadline) {
        throw new LogUnavailableException(OTHERS_FASTER);
      }
      progress.awaitBeyond(end.last(), left);
    }
  }

  /// Publishes a commit. Its first message goes ahead: once it is stored, all other nodes wait, and
  /// no other message gets in between.
  ///
  /// @return whether all of it is stored; false if another message took its place
  private boolean send(List<CommitPart> parts, long last) throws InterruptedException {
    if (!isStored(stream.publish(parts.getFirst().message(), last))) {
      return false;
    }
    List<CompletableFuture<PublishAck>> answers = new ArrayList<>(parts.size());
    for (CommitPart part : parts.subList(1, parts.size())) {
      answers.add(stream.publish(part.message(), last + part.part()));
    }
    for (CompletableFuture<PublishAck> answer : answers) {
      if (!isStored(answer)) {
        return false;
      }
    }
    return true;
  }

  /// Returns whether a message was stored; false if another one took its place.
  ///
  /// @throws LogUnreachableException if that is unknown
  /// @throws LogUnavailableException if the stream is full
  private boolean isStored(CompletableFuture<PublishAck> answer) throws InterruptedException {
    try {
      answer.get(ANSWER_NANOS, TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException wrapped && wrapped.getCause() != null) {
        cause = wrapped.getCause();
      }
      if (cause instanceof JetStreamApiException api) {
        if (api.getApiErrorCode() == WRONG_LAST_SEQUENCE) {
          return false;
        }
        if (FULL.contains(api.getApiErrorCode())) {
          throw noteFull(api.getErrorDescription());
        }
      }
      throw stream.cluster().unreachable(cause instanceof Exception known ? known : e);
    } catch (TimeoutException e) {
      answer.cancel(false);
      throw new LogUnreachableException("The NATS cluster did not answer in time", e);
    }
  }

  /// Checks the room in a full stream, because each attempt at a commit of several messages would
  /// leave its first message there.
  private void requireRoom(List<CommitPart> parts) {
    long needed =
        parts.stream()
            .mapToLong(part -> part.message().length + (long) LogStream.HEADER_BYTES)
            .sum();
    if (needed > stream.state().room()) {
      throw noteFull("the commit needs " + needed + " bytes");
    }
  }

  private void noteRoom() {
    if (full) {
      full = false;
      log.info("The NATS stream takes events again");
    }
  }

  private StreamFullException noteFull(String why) {
    StreamFullException refusal = new StreamFullException(stream.full(why));
    if (!full) {
      full = true;
      log.warn("{}", refusal.reason());
    }
    return refusal;
  }

  /// Commits the waiting appends and ends the thread.
  @Override
  public void close() {
    queue.close();
    try {
      thread.join(CLOSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
