package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// Events as they come, each once and in the order of the log, over as many connections as that
/// takes; or an exception. [#ending()] tells how it ended.
///
/// One thread at a time reads it, and parses the events it reads. [#close()], [#position()] and
/// [#ending()] may be called by any. The caller closes it.
///
/// There is one position, which only moves past events that were handed out or sequences that are
/// known to be gone; each connection begins behind it.
public final class EventStream implements Iterable<StreamEvent>, AutoCloseable {
  /// How long nothing must follow the terminal event of an execution until it is over, unless the
  /// request says otherwise (contract, section 4).
  public static final Duration DEFAULT_TERMINAL_GRACE = Duration.ofSeconds(2);

  private final Transport transport;
  private final ReadPosition position;
  private final StreamLoop loop;
  private final Iterator<StreamEvent> events = new Events();

  // Of the reading thread.
  private @Nullable StreamEvent ahead;
  private @Nullable Throwable failure;

  private EventStream(StreamPlan plan, Transport transport) {
    this.transport = transport;
    this.position = new ReadPosition(plan);
    this.loop = new StreamLoop(plan, transport, position);
  }

  /// Connects.
  ///
  /// @throws MistralException where that fails
  static EventStream open(StreamPlan plan, Transport transport) {
    transport.requireOpen();
    EventStream stream = new EventStream(plan, transport);
    transport.opened(stream);
    try {
      stream.loop.connectFirst();
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
    return stream;
  }

  /// The events that are still to come: all iterators of a stream are the same.
  ///
  /// `hasNext` waits for the next event; it is false once the stream has [ended][#ending()]. It
  /// and `next` throw a [StreamException] where the stream cannot go on, a [ApiException] where the
  /// server refuses a reconnection for good, and again whenever they are called after that. Where
  /// the thread is interrupted, they throw and the stream is closed.
  @Override
  public Iterator<StreamEvent> iterator() {
    return events;
  }

  /// The events that are still to come. Closing what this returns closes this.
  public Stream<StreamEvent> stream() {
    int facts = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(events, facts), false)
        .onClose(this::close);
  }

  /// How far it has come: with [StreamEventsRequest.Builder#resumeAfter], another stream goes on
  /// behind the last event that was handed out. Empty where none was, and the request did not say
  /// where to begin.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position.checkpoint());
  }

  /// How it ended; empty while it has not.
  public Optional<Ending> ending() {
    return Optional.ofNullable(loop.ending());
  }

  /// Runs something when it is closed, on the thread that closes it.
  void whenClosed(Runnable then) {
    loop.whenClosed(then);
  }

  /// Ends it: the connection is closed, and a thread that waits for the next event is told at once
  /// that there is none. May be called often.
  @Override
  public void close() {
    loop.close();
    transport.ended(this);
  }

  private final class Events implements Iterator<StreamEvent> {
    @Override
    public boolean hasNext() {
      if (failure != null) {
        throw Transport.unchecked(failure);
      }
      if (ahead == null || loop.isClosing()) {
        ahead = null;
        try {
          ahead = loop.next();
        } catch (RuntimeException | Error e) {
          failure = e;
          throw e;
        } finally {
          if (ahead == null) {
            transport.ended(EventStream.this);
          }
        }
      }
      return ahead != null;
    }

    @Override
    public StreamEvent next() {
      // Whoever was told that there is one gets it, though the stream may have been closed since.
      StreamEvent event = ahead;
      if (event == null) {
        event = hasNext() ? ahead : null;
      }
      if (event == null) {
        throw new NoSuchElementException("The stream has ended: " + loop.ending());
      }
      ahead = null;
      position.handedOut(event.brokerSequence());
      return event;
    }
  }
}
