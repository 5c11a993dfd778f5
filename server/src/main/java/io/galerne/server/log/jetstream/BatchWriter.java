package io.galerne.server.log.jetstream;

import io.galerne.server.log.AppendQueue;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Health;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.LogUnavailableException;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.PendingAppend;
import io.nats.client.JetStreamApiException;
import io.nats.client.api.PublishAck;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one thread of this node that publishes to the stream: takes what waits, and publishes it as one
/// batch.
///
/// Each message says which sequence it expects to be the stream's last, so a batch stands in the stream
/// whole and in order, right behind what this node had seen when it looked for repeats; or only its
/// beginning does. Another node that was faster, a message that got lost, a leader that died: all show
/// in the same way, that the rest is refused. Then this node waits until it has seen what is there, and
/// begins anew. Newer servers take a batch as a whole where there are several replicas, so that not even
/// its beginning is left. An append is answered once [Follower] has seen it, which is also how it is told
/// what became of a publication that was not answered.
///
/// Other threads only put into `queue`.
final class BatchWriter implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(BatchWriter.class);

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// How long a commit is tried: longer than a cluster takes to elect a leader, shorter than a request
  /// may take.
  private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(12);

  /// How long one publication may take to be answered, and then to be seen.
  private static final long ANSWER_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// A batch of which nothing more has come for so long is taken to be broken. Its writer may still be
  /// there: then it finds the fence, and begins anew.
  private static final long BROKEN_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /// What a message needs beside its data: its headers.
  private static final int HEADER_BYTES = 256;

  /// What a cluster says that has no more room: for the stream, the account, on a server, in the cluster.
  private static final Set<Integer> FULL = Set.of(10_077, 10_002, 10_047, 10_023);

  private static final String OTHERS_FASTER =
      "Other nodes were always faster to append; publish again, or to fewer nodes";

  private static final long CLOSE_MILLIS = 2_500;

  private final LogStream stream;
  private final SegmentIndex index;
  private final Progress progress;
  private final Clock clock;
  private final AppendQueue queue = new AppendQueue();
  private final Thread thread = Thread.ofPlatform().name("galerne-commit").unstarted(this::run);

  private long lastMillis;

  /// Whether the stream took no more when it was last tried.
  private boolean full;

  /// The fence that was told of last: one that cannot be stored yet is tried again and again.
  private @Nullable Fence toldFence;

  private static final class StreamFullException extends LogUnavailableException {
    private static final long serialVersionUID = 1L;

    private StreamFullException(String reason) {
      super(reason);
    }
  }

  BatchWriter(LogStream stream, SegmentIndex index, Progress progress, Clock clock) {
    this.stream = stream;
    this.index = index;
    this.progress = progress;
    this.clock = clock;
  }

  void start() {
    thread.start();
  }

  /// Takes an append for one of the next commits.
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
      progress.stopped(AppendQueue.STOPPED);
      refuse(group, AppendQueue.STOPPED);
      queue.refuseAll(AppendQueue.STOPPED);
      throw e;
    }
  }

  private void commit(List<PendingAppend> group) throws InterruptedException {
    long deadline = System.nanoTime() + MOST_NANOS;
    while (true) {
      String trouble;
      try {
        if (answer(group) || publish(group, deadline)) {
          return;
        }
        trouble = OTHERS_FASTER;
      } catch (LogUnreachableException e) {
        trouble = e.reason();
        progress.awaitBeyond(progress.end().last(), PAUSE_NANOS);
      } catch (LogUnavailableException e) {
        refuse(group, e.reason());
        return;
      }
      Health health = progress.health();
      if (!health.ready() || System.nanoTime() > deadline) {
        refuse(group, health.ready() ? trouble : health.detail());
        return;
      }
    }
  }

  /// Answers the group, if everything in it is stored.
  private boolean answer(List<PendingAppend> group) {
    List<long[]> answers = new ArrayList<>(group.size());
    for (PendingAppend append : group) {
      long[] sequences = new long[append.ids().length];
      for (int i = 0; i < sequences.length; i++) {
        sequences[i] = index.find(append.ids()[i]);
        if (sequences[i] == RecentIds.UNKNOWN) {
          return false;
        }
      }
      answers.add(sequences);
    }
    for (int i = 0; i < group.size(); i++) {
      group.get(i).sequences().complete(answers.get(i));
    }
    return true;
  }

  private static void refuse(List<PendingAppend> group, String reason) {
    group.forEach(append -> append.refuse(reason));
  }

  /// Publishes what is not stored yet, and waits until it has been seen.
  ///
  /// @return whether the group is answered now
  private boolean publish(List<PendingAppend> group, long deadline) throws InterruptedException {
    long last = settledEnd(deadline);
    List<Outgoing> batch = batch(group);
    if (batch.isEmpty()) {
      return answer(group); // what was missing has come meanwhile
    }
    if (full) {
      requireRoom(batch);
    }
    progress.publishing(last + 1, group.getFirst().acceptedNanos());
    if (send(batch, last)) {
      noteRoom();
      progress.awaitBeyond(last + batch.size() - 1, ANSWER_NANOS);
    } else {
      progress.awaitBeyond(last, ANSWER_NANOS);
    }
    return answer(group);
  }

  /// Waits until the stream ends with a batch that is whole, and makes an end of one that will not be.
  ///
  /// @return the stream's last sequence
  /// @throws LogUnreachableException where the stream is not followed: what this node knows of its end
  ///     may be wrong
  private long settledEnd(long deadline) throws InterruptedException {
    requireFollowed();
    Progress.End end = progress.end();
    while (end.last() > end.settled()) {
      if (System.nanoTime() > deadline) {
        throw new LogUnavailableException(OTHERS_FASTER);
      }
      if (!progress.awaitBeyond(end.last(), BROKEN_NANOS)) {
        requireFollowed();
        fence(end);
      }
      end = progress.end();
    }
    Fence fence = end.fence();
    if (fence != null) {
      for (long sequence = fence.from(); sequence <= fence.to(); sequence++) {
        stream.delete(sequence);
      }
    }
    return end.last();
  }

  private void requireFollowed() {
    Health health = progress.health();
    if (!health.ready()) {
      throw new LogUnreachableException(health.detail());
    }
  }

  private void fence(Progress.End end) throws InterruptedException {
    Fence fence = new Fence(end.settled() + 1, end.last());
    if (!fence.equals(toldFence)) {
      toldFence = fence;
      log.warn("Fencing off a batch that broke: {} to {}", fence.from(), fence.to());
    }
    putFence(fence);
  }

  private void putFence(Fence fence) throws InterruptedException {
    String subject = stream.subjects().fence();
    boolean fenced = isStored(stream.publishAndAsk(subject, fence.write(), fence.to()));
    progress.awaitBeyond(fence.to(), fenced ? ANSWER_NANOS : PAUSE_NANOS);
  }

  private record Outgoing(String subject, byte[] data) {
    private long bytes() {
      return subject.length() + (long) data.length + HEADER_BYTES;
    }
  }

  private record Fresh(EventRecord event, IdHash id) {}

  private List<Outgoing> batch(List<PendingAppend> group) {
    Map<IdHash, EventRecord> fresh = new HashMap<>();
    List<Fresh> events = new ArrayList<>();
    for (PendingAppend append : group) {
      for (int i = 0; i < append.ids().length; i++) {
        IdHash id = append.ids()[i];
        EventRecord event = append.events().get(i);
        if (index.find(id) == RecentIds.UNKNOWN && fresh.putIfAbsent(id, event) == null) {
          events.add(new Fresh(event, id));
        }
      }
    }
    int most = Math.toIntExact(stream.mostBytes()) - HEADER_BYTES - StoredMessage.MOST_HEAD_BYTES;
    int count = 0;
    for (Fresh each : events) {
      count += (each.event().length() + most - 1) / most;
    }
    lastMillis = Math.max(lastMillis, Math.max(index.lastMillis(), clock.millis()));
    List<Outgoing> batch = new ArrayList<>(count);
    for (Fresh each : events) {
      EventRecord event = each.event();
      String subject = stream.subjects().of(event);
      for (int from = 0; from < event.length(); from += most) {
        int to = Math.min(event.length(), from + most);
        batch.add(
            new Outgoing(
                subject,
                StoredMessage.write(event, each.id(), from, to, lastMillis, batch.size(), count)));
      }
    }
    return batch;
  }

  /// Publishes a batch. Its first message goes ahead: once that is stored, all other nodes wait, and
  /// nothing can come in between. By the answer to the last it is known that all of it is stored.
  ///
  /// @return whether it is
  private boolean send(List<Outgoing> batch, long last) throws InterruptedException {
    if (stream.takesAtOnce(batch.size())) {
      return sendAtOnce(batch, last);
    }
    if (batch.size() > 1) {
      Outgoing first = batch.getFirst();
      if (!isStored(stream.publishAndAsk(first.subject(), first.data(), last))) {
        return false;
      }
    }
    for (int i = 1; i < batch.size() - 1; i++) {
      stream.publish(batch.get(i).subject(), batch.get(i).data(), last + i);
    }
    Outgoing end = batch.getLast();
    if (isStored(stream.publishAndAsk(end.subject(), end.data(), last + batch.size() - 1))) {
      return true;
    }
    if (batch.size() > 1) {
      askAgain(batch, last);
    }
    return false;
  }

  /// Once the stream is full, each batch that does not fit would leave a fence.
  private void requireRoom(List<Outgoing> batch) {
    long needed = batch.stream().mapToLong(Outgoing::bytes).sum();
    if (needed > stream.state().room()) {
      throw noteFull("the batch needs " + needed + " bytes");
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

  /// The first message of a batch was stored, and one behind it was not, which are sent without asking.
  /// Sends that one again, to be told why. Where the stream is full, deletes what was stored, so that
  /// others have the room: nothing more of this batch is on its way.
  private void askAgain(List<Outgoing> batch, long last) throws InterruptedException {
    long told = stream.state().last();
    progress.awaitBeyond(told - 1, ANSWER_NANOS);
    Progress.End end = progress.end();
    long stored = told - last;
    if (end.settled() == last && end.last() == told && stored < batch.size()) {
      Outgoing missing = batch.get((int) stored);
      try {
        isStored(stream.publishAndAsk(missing.subject(), missing.data(), told));
      } catch (StreamFullException e) {
        LongStream.rangeClosed(last + 1, told).forEach(stream::delete);
        putFence(new Fence(last + 1, told));
        throw e;
      }
    }
  }

  private boolean sendAtOnce(List<Outgoing> batch, long last) throws InterruptedException {
    String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    for (int i = 0; i < batch.size() - 1; i++) {
      stream.publishOfBatch(batch.get(i).subject(), batch.get(i).data(), last, id, i);
    }
    Outgoing end = batch.getLast();
    return isStored(stream.commitBatch(end.subject(), end.data(), last, id, batch.size() - 1));
  }

  /// Whether a message was stored; not where another one was in its place.
  ///
  /// @throws LogUnreachableException where nobody knows
  /// @throws LogUnavailableException where the stream takes no more
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
        if (api.getApiErrorCode() == StoredIndex.WRONG_LAST_SEQUENCE) {
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

  /// Commits what waits and ends the thread.
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
