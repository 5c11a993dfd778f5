package io.galerne.server.log.jetstream;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import org.jspecify.annotations.Nullable;

/// Events that a plan selects, in ascending order, wherever they come from. For one thread at a time.
interface Selected {
  /// An event, and its sequence.
  record Found(long sequence, EventRecord event) {}

  /// The next event, without passing it; null where there is none up to the last that is planned for.
  @Nullable Found peek(Plan plan);

  /// Passes the event that was peeked at.
  void pass();

  /// Where to go on once there is no next event: every selected event before it has been passed.
  long end(Plan plan);
}
