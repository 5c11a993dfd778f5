package io.galerne.client.stream;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.internal.stream.GivenEvents;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/// A stream of events that reconnects: each event arrives once, in the order of the log. If the
/// stream cannot continue, it throws. [#ending()] says how it ended.
///
/// One thread at a time reads the stream and parses its events. Any thread may call [#close()],
/// [#position()] and [#ending()]. The caller closes the stream.
///
/// The stream has one position, which moves only past events that were delivered or have expired;
/// each connection resumes after it.
public interface EventStream extends Iterable<StreamEvent>, AutoCloseable {
  /// How long an execution must stay silent after its terminal event to count as over, unless the
  /// request says otherwise (contract, section 4).
  Duration DEFAULT_TERMINAL_GRACE = Duration.ofSeconds(2);

  /// A stream of these events, which then ends as [Ending#COMPLETED]. Needed only by tests that
  /// replace the client.
  static EventStream of(Collection<StreamEvent> events) {
    return new GivenEvents(events);
  }

  /// Iterates over the remaining events; all iterators of a stream share its position.
  ///
  /// `hasNext` blocks until the next event; it is false once the stream has [ended][#ending()].
  /// `hasNext` and `next` throw a [io.galerne.client.error.StreamException] if the stream cannot
  /// continue, and an [io.galerne.client.error.ApiException] if the server permanently refuses a
  /// reconnection. Later calls throw it again. If the thread is interrupted, they throw and the
  /// stream is closed.
  @Override
  Iterator<StreamEvent> iterator();

  /// The remaining events. Closing the returned stream closes this one.
  Stream<StreamEvent> stream();

  /// The position after the last delivered event: pass it to
  /// [StreamEventsRequest.Builder#resumeAfter] to continue with another stream. Empty if nothing
  /// was delivered and the request did not set a position.
  Optional<Checkpoint> position();

  /// How the stream ended; empty while it is open.
  Optional<Ending> ending();

  /// Closes the connection and ends the stream; a thread that waits for the next event returns at
  /// once. Idempotent.
  @Override
  void close();
}
