package io.galerne.client.publish;

import io.galerne.client.Events;
import io.galerne.client.Retries;
import io.galerne.client.error.ApiException;
import io.galerne.client.error.ConnectionException;
import io.galerne.client.error.InvalidRequestException;
import io.galerne.client.error.RequestTooLargeException;
import io.galerne.client.internal.calls.PublishBuffer;
import io.galerne.client.internal.http.Backoff;
import io.galerne.protocol.Event;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Publishes events in batches, in the order in which they were added. Thread-safe.
///
/// A batch is sent when it has enough events or bytes, or when its first event has waited
/// `maxDelay`; one batch is in flight at a time. The buffer, which includes the batch in flight, is
/// bounded in bytes: if it is full, [#send] blocks, and [#offer] blocks up to its timeout. Failed
/// batches are retried according to [Retries], which is safe: the server recognises a repeated
/// event by its `event_id`. If the server refuses a batch, the publisher splits it in halves until
/// only the invalid events are refused.
///
/// ```java
/// try (BatchingPublisher publisher = mistral.events().batchingPublisher()) {
///   for (Event event : events) {
///     publisher
///         .send(event)
///         .whenComplete((sent, failure) ->
///             System.out.println(event.eventId() + (failure == null ? " is durable" : " failed")));
///   }
/// } // waits until all are sent
/// ```
///
/// Each event has a future for its result; the [PublishListener] receives all results. Futures are
/// completed, and the listener is called, on the publisher's thread, in order. The caller closes
/// the publisher.
public final class BatchingPublisher implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  private final Events events;
  private final PublishBuffer buffer;
  private final PublishListener listener;
  private final Retries retries;
  private final Duration closeTimeout;
  private final Thread thread;

  private BatchingPublisher(Events events, Builder builder) {
    this.events = events;
    this.listener = builder.listener;
    this.retries = builder.retries;
    this.closeTimeout = builder.closeTimeout;
    this.buffer =
        new PublishBuffer(
            builder.maxBufferedBytes,
            builder.maxBatchEvents,
            builder.maxBatchBytes,
            builder.maxDelay);
    this.thread = new Thread(this::run, "galerne-publish");
    thread.setDaemon(true);
  }

  /// Starts a publisher, as [Events#batchingPublisher(Consumer)] does.
  ///
  /// @param events sends the batches
  /// @return the publisher; the caller closes it
  public static BatchingPublisher start(Events events, Consumer<Builder> settings) {
    Builder builder = new Builder();
    settings.accept(builder);
    BatchingPublisher publisher = new BatchingPublisher(events, builder);
    publisher.thread.start();
    return publisher;
  }

  /// Sends an event, as [#send(OutgoingEvent)] does.
  public CompletableFuture<Void> send(Event event) throws InterruptedException {
    return send(OutgoingEvent.of(event));
  }

  /// Adds an event to the buffer; blocks while the buffer is full.
  ///
  /// @return completes once the event is durable; fails if it cannot be sent
  /// @throws InterruptedException if the thread is interrupted while it waits for room; the event
  ///     is not sent
  /// @throws IllegalArgumentException if the event is larger than the whole buffer
  /// @throws IllegalStateException if the publisher is closed
  public CompletableFuture<Void> send(OutgoingEvent event) throws InterruptedException {
    return buffer
        .add(event, Long.MAX_VALUE)
        .orElseThrow(() -> new IllegalStateException("The buffer stayed full"));
  }

  /// Sends an event, as [#offer(OutgoingEvent, Duration)] does.
  public Optional<CompletableFuture<Void>> offer(Event event, Duration atMost)
      throws InterruptedException {
    return offer(OutgoingEvent.of(event), atMost);
  }

  /// Adds an event to the buffer if there is room in time.
  ///
  /// @param atMost how long to wait for room
  /// @return as for [#send(OutgoingEvent)]; empty if there was no room, in which case the event is
  ///     not sent
  /// @throws InterruptedException as [#send(OutgoingEvent)]
  /// @throws IllegalArgumentException as [#send(OutgoingEvent)]
  /// @throws IllegalStateException as [#send(OutgoingEvent)]
  public Optional<CompletableFuture<Void>> offer(OutgoingEvent event, Duration atMost)
      throws InterruptedException {
    return buffer.add(event, atMost.isNegative() ? 0 : Backoff.atMostForever(atMost).toNanos());
  }

  /// Sends the buffered events without waiting for a full batch.
  ///
  /// @return completes once every event added before is durable or has failed
  public CompletableFuture<Void> flush() {
    return buffer.flush();
  }

  /// Accepts no more events and waits until the buffered ones are sent, up to the close timeout;
  /// events not sent by then fail. If the calling thread is interrupted, they fail at once.
  @Override
  public void close() {
    buffer.close();
    try {
      TimeUnit.NANOSECONDS.timedJoin(thread, closeTimeout.toNanos());
      if (thread.isAlive()) {
        thread.interrupt();
        TimeUnit.NANOSECONDS.timedJoin(thread, closeTimeout.toNanos());
      }
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    List<PublishBuffer.Entry> batch = List.of();
    try {
      for (batch = buffer.take(); !batch.isEmpty(); batch = buffer.take()) {
        deliver(batch);
      }
    } catch (InterruptedException | CancellationException e) {
      ConnectionException unsent =
          new ConnectionException(
              "The publisher was closed before this event was confirmed; sending it again is"
                  + " harmless",
              e);
      failed(batch, unsent);
      failed(buffer.drain(), unsent);
    } catch (Throwable e) { // callers wait for their events and for room
      buffer.close();
      failed(batch, e);
      failed(buffer.drain(), e);
    }
  }

  /// Sends a batch; if the server refuses it as invalid, sends each half.
  private void deliver(List<PublishBuffer.Entry> batch) {
    try {
      events.sendEventsBatch(request -> {
        request.options(options -> options.retries(retries));
        batch.forEach(entry -> request.event(entry.event()));
      });
      settled(batch);
    } catch (CancellationException e) {
      throw e;
    } catch (ApiException refused) {
      boolean atFault =
          refused instanceof InvalidRequestException || refused instanceof RequestTooLargeException;
      if (atFault && batch.size() > 1) {
        deliver(batch.subList(0, batch.size() / 2));
        deliver(batch.subList(batch.size() / 2, batch.size()));
      } else {
        failed(batch, refused);
      }
    } catch (Throwable failure) { // callers wait for their events
      failed(batch, failure);
    }
  }

  private void settled(List<PublishBuffer.Entry> batch) {
    batch.forEach(entry -> entry.result().complete(null));
    told(() -> listener.onSent(eventsOf(batch)));
    buffer.release(batch);
  }

  private void failed(List<PublishBuffer.Entry> batch, Throwable failure) {
    List<PublishBuffer.Entry> open =
        batch.stream().filter(entry -> !entry.result().isDone()).toList();
    if (open.isEmpty()) {
      return;
    }
    LOG.log(Level.WARNING, () -> open.size() + " events were not sent: " + failure.getMessage());
    open.forEach(entry -> entry.result().completeExceptionally(failure));
    RuntimeException told =
        failure instanceof RuntimeException unchecked
            ? unchecked
            : new CompletionException(failure);
    told(() -> listener.onFailed(eventsOf(open), told));
    buffer.release(open);
  }

  private static List<OutgoingEvent> eventsOf(List<PublishBuffer.Entry> batch) {
    return batch.stream().map(PublishBuffer.Entry::event).toList();
  }

  private static void told(Runnable listener) {
    try {
      listener.run();
    } catch (Throwable e) { // the publisher continues with the other events
      LOG.log(Level.WARNING, "A listener failed", e);
    }
  }

  /// Builds the settings; every one has a default. Not thread-safe.
  public static final class Builder {
    private int maxBatchEvents = 500;
    private long maxBatchBytes = 1024 * 1024;
    private Duration maxDelay = Duration.ofMillis(20);
    private long maxBufferedBytes = 16 * 1024 * 1024;
    private Duration closeTimeout = Duration.ofSeconds(30);
    private Retries retries = Retries.builder().connectionErrors(true).build();
    private PublishListener listener = new PublishListener() {};

    private Builder() {}

    /// The maximum number of events in a batch; 500 by default.
    public Builder maxBatchEvents(int maxBatchEvents) {
      this.maxBatchEvents = (int) positive(maxBatchEvents, "maxBatchEvents");
      return this;
    }

    /// The maximum size of a batch in bytes; 1 MiB by default. A larger event is sent alone.
    public Builder maxBatchBytes(long maxBatchBytes) {
      this.maxBatchBytes = positive(maxBatchBytes, "maxBatchBytes");
      return this;
    }

    /// The longest time an event waits for a batch to fill; 20 ms by default.
    public Builder maxDelay(Duration maxDelay) {
      this.maxDelay = Backoff.requirePositive(maxDelay, "maxDelay");
      return this;
    }

    /// The maximum size of the buffer in bytes, including the batch in flight; 16 MiB by default.
    public Builder maxBufferedBytes(long maxBufferedBytes) {
      this.maxBufferedBytes = positive(maxBufferedBytes, "maxBufferedBytes");
      return this;
    }

    /// How long [BatchingPublisher#close] waits for unsent events; 30 s by default.
    public Builder closeTimeout(Duration closeTimeout) {
      this.closeTimeout = Backoff.requirePositive(closeTimeout, "closeTimeout");
      return this;
    }

    /// How batches are retried; by default as [Retries#defaults()], and also after connection
    /// errors.
    public Builder retries(Retries retries) {
      this.retries = retries;
      return this;
    }

    /// Receives the results of all events.
    public Builder listener(PublishListener listener) {
      this.listener = listener;
      return this;
    }

    private static long positive(long value, String name) {
      if (value < 1) {
        throw new IllegalArgumentException(name + " must be at least 1, but is " + value);
      }
      return value;
    }
  }
}
