package io.galerne.client.internal.stream;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.StreamEvent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// A stream of given events, for tests. Fields that any thread may read are volatile.
public final class GivenEvents implements EventStream {
  private final Iterator<StreamEvent> rest;
  private volatile @Nullable Checkpoint position;
  private volatile @Nullable Ending ending;

  public GivenEvents(Collection<StreamEvent> events) {
    rest = new ArrayList<>(events).iterator();
  }

  @Override
  public Iterator<StreamEvent> iterator() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        if (ending == null && !rest.hasNext()) {
          ending = Ending.COMPLETED;
        }
        return ending == null;
      }

      @Override
      public StreamEvent next() {
        if (!hasNext()) {
          throw new NoSuchElementException("The stream has ended: " + ending);
        }
        StreamEvent event = rest.next();
        position = Checkpoint.of(event.brokerSequence());
        return event;
      }
    };
  }

  @Override
  public Stream<StreamEvent> stream() {
    int facts = Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.IMMUTABLE;
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(iterator(), facts), false)
        .onClose(this::close);
  }

  @Override
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }

  @Override
  public Optional<Ending> ending() {
    return Optional.ofNullable(ending);
  }

  @Override
  public void close() {
    if (ending == null) {
      ending = Ending.CLOSED;
    }
  }
}
