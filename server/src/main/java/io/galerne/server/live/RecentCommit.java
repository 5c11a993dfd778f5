package io.galerne.server.live;

import io.galerne.server.log.Commit;
import io.galerne.server.log.EventRecord;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.AbstractReferenceCounted;
import io.netty.util.ReferenceCounted;
import org.jspecify.annotations.Nullable;

/// A recent commit in memory, with its frames: rendered for the first reader, then shared by all.
/// Each event's frame is a chunk of its own, so that any run of events can be written unchanged.
/// Reference-counted: each holder keeps the frames alive.
final class RecentCommit extends AbstractReferenceCounted {
  private final Commit commit;
  private final long weight;
  private final long addedNanos = System.nanoTime();

  /// Set once, under the lock of this object, after `ends`.
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

  /// The `System.nanoTime()` at which it became visible here.
  long addedNanos() {
    return addedNanos;
  }

  /// Approximate memory use in bytes.
  long weight() {
    return weight;
  }

  /// The chunks of all its events, in order.
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

  /// Index in [#frames()] of the start of the event's chunk.
  int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /// Index in [#frames()] of the end of the event's chunk.
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
