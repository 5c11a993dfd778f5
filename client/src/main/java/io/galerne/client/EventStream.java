package io.galerne.client;

import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.Collection;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;

/// Events as they arrive, each once and in the order of the log, over as many connections as that
/// takes; or an exception. [#ending()] has how it ended.
///
/// One thread at a time reads it, and parses the events it reads. [#close()], [#position()] and
/// [#ending()] may be called by any. The caller closes it.
///
/// There is one position, which only moves past events that were handed out or sequences that are
/// known to be gone; each connection begins after it.
public interface EventStream extends Iterable<StreamEvent>, AutoCloseable {
  /// How long nothing must follow the terminal event of an execution until it is over, unless the
  /// request says otherwise (contract, section 4).
  Duration DEFAULT_TERMINAL_GRACE = Duration.ofSeconds(2);

  /// A stream of these events, which then ends as [Ending#COMPLETED]. Programs need this only to
  /// replace the client in a test.
  static EventStream of(Collection<StreamEvent> events) {
    return new GivenEvents(events);
  }

  /// The remaining events: all iterators of a stream are the same.
  ///
  /// `hasNext` waits for the next event; it is false once the stream has [ended][#ending()]. It
  /// and `next` throw a [io.galerne.client.error.StreamException] if the stream cannot continue, an
  /// [io.galerne.client.error.ApiException] if the server refuses a reconnection for good, and again
  /// whenever they are called after that. If the thread is interrupted, they throw and the stream is
  /// closed.
  @Override
  Iterator<StreamEvent> iterator();

  /// The remaining events. Closing the returned stream closes this one.
  Stream<StreamEvent> stream();

  /// How far it has been read: with [StreamEventsRequest.Builder#resumeAfter], another stream
  /// continues after the last event that was handed out. Empty if none was, and the request did not
  /// say where to begin.
  Optional<Checkpoint> position();

  /// How it ended; empty while it has not.
  Optional<Ending> ending();

  /// Ends it: the connection is closed, and a thread that waits for the next event learns at once
  /// that there is none. May be called often.
  @Override
  void close();
}
