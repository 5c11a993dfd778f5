package io.galerne.server.live;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;

/// A commit that readers may still want from memory, and its frames: rendered when the first reader
/// wants one, then shared by all. Each event's frame is a chunk of its own, so that any run of
/// events can be written as it is. Counted: whoever holds it keeps the frames alive.
final class RecentCommit extends AbstractReferenceCounted {
  private final Commit commit;
  private final long weight;
  private final long addedNanos = System.nanoTime();

  /// Set once, under the lock of this; what it points into was written before.
  private volatile @Nullable ByteBuf frames;

  private int[] ends = {};

  RecentCommit(Commit commit) {
    this.commit = commit;
    long bytes = 0;
    for (EventRecord event : commit.events()) {
      bytes += event.length() + Frames.mostBytes(event);
    }
    this.weight = bytes;
  }

  int size() {
    return commit.size();
  }

  long sequence(int i) {
    return commit.sequence(i);
  }

  long firstSequence() {
    return commit.firstSequence();
  }

  long lastSequence() {
    return commit.lastSequence();
  }

  EventRecord event(int i) {
    return commit.events()[i];
  }

  long acceptedNanos() {
    return commit.acceptedNanos();
  }

  /// `System.nanoTime()` of when it became visible here.
  long addedNanos() {
    return addedNanos;
  }

  /// About how much memory it takes, in bytes.
  long weight() {
    return weight;
  }

  /// The chunks of all its events, one behind the other.
  ByteBuf frames() {
    ByteBuf known = frames;
    return known == null ? renderOnce() : known;
  }

  private synchronized ByteBuf renderOnce() {
    ByteBuf known = frames;
    if (known == null) {
      known = render();
      frames = known;
    }
    return known;
  }

  private ByteBuf render() {
    int most = 0;
    for (EventRecord event : commit.events()) {
      most += Frames.mostBytes(event) + Frames.CHUNK_HEAD + Frames.CHUNK_TAIL;
    }
    ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(most);
    ends = new int[size()];
    for (int i = 0; i < ends.length; i++) {
      int start = out.writerIndex();
      Frames.beginChunk(out);
      Frames.write(out, sequence(i), event(i));
      Frames.endChunk(out, start);
      ends[i] = out.writerIndex();
    }
    return out;
  }

  /// Where in [#frames()] the chunk of the event begins.
  int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /// Where in [#frames()] the chunk of the event ends.
  int end(int i) {
    return ends[i];
  }

  @Override
  public RecentCommit retain() {
    super.retain();
    return this;
  }

  @Override
  protected synchronized void deallocate() {
    ByteBuf known = frames;
    if (known != null) {
      known.release();
    }
  }

  @Override
  public ReferenceCounted touch(Object hint) {
    return this;
  }
}
