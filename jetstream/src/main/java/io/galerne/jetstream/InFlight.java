package io.galerne.jetstream;

import io.galerne.server.log.store.Draft;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The commit that this node is publishing. [Publisher] puts it here; [View] takes it once it is in
/// the stream, and does not need to read its blocks again. Safe for use by several threads.
final class InFlight {
  private final AtomicReference<@Nullable Own> current = new AtomicReference<>();

  private record Own(long writer, long commit, Draft draft) {}

  /// Sets the commit that is being published.
  void set(long writer, long commit, Draft draft) {
    current.set(new Own(writer, commit, draft));
  }

  /// Returns the draft of this commit; null if another node published it, or this one gave it up.
  @Nullable Draft take(CommitPart part) {
    Own own = current.get();
    if (own == null || own.writer() != part.writer() || own.commit() != part.commit()) {
      return null;
    }
    return current.compareAndSet(own, null) ? own.draft() : null;
  }
}
