package io.galerne.client.internal.stream;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.error.MistralException;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.StreamEvent;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A stream that reconnects. The reading thread parses the events.
public final class ReconnectingStream implements EventStream {
  private final Transport transport;
  private final ReadPosition position;
  private final StreamLoop loop;
  private final Iterator<StreamEvent> events = new Events();

  // Owned by the reading thread.
  private @Nullable StreamEvent ahead;
  private @Nullable Throwable failure;

  private ReconnectingStream(StreamPlan plan, Transport transport) {
    this.transport = transport;
    this.position = new ReadPosition(plan);
    this.loop = new StreamLoop(plan, transport, position);
  }

  /// Connects.
  ///
  /// @throws MistralException if the stream cannot connect
  public static ReconnectingStream open(StreamPlan plan, Transport transport) {
    transport.requireOpen();
    ReconnectingStream stream = new ReconnectingStream(plan, transport);
    transport.opened(stream);
    try {
      stream.loop.connectFirst();
    } catch (RuntimeException | Error e) {
      stream.close();
      throw e;
    }
    return stream;
  }

  /// Opens a stream on another thread. If the future is cancelled first, the stream is closed.
  public static CompletableFuture<EventStream> opening(StreamPlan plan, Transport transport) {
    return transport
        .settings()
        .supply("galerne-open", () -> open(plan, transport), EventStream::close);
  }

  @Override
  public Iterator<StreamEvent> iterator() {
    return events;
  }

  @Override
  public Stream<StreamEvent> stream() {
    int facts = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(events, facts), false)
        .onClose(this::close);
  }

  @Override
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position.checkpoint());
  }

  @Override
  public Optional<Ending> ending() {
    return Optional.ofNullable(loop.ending());
  }

  /// Runs a callback when the stream is closed, on the closing thread.
  void whenClosed(Runnable then) {
    loop.whenClosed(then);
  }

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
            transport.ended(ReconnectingStream.this);
          }
        }
      }
      return ahead != null;
    }

    @Override
    public StreamEvent next() {
      // If `hasNext` returned true, `next` returns the event, even if the stream was closed since.
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
