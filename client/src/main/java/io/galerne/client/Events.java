package io.galerne.client;

import io.galerne.client.checkpoint.CheckpointStore;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.StreamException;
import io.galerne.client.publish.BatchingPublisher;
import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.publish.SendEventsResponse;
import io.galerne.client.stream.Ending;
import io.galerne.client.stream.EventHandler;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import java.util.Collection;
import java.util.function.Consumer;

/// Streams, lists and publishes workflow events. Thread-safe.
///
/// ```java
/// try (EventStream stream =
///     mistral.events().getStreamEvents(b -> b.rootWorkflowExecId("hello-1").untilTerminal())) {
///   stream.stream()
///       .filter(event -> event.data() instanceof CustomTaskEvent)
///       .forEach(event -> System.out.println(event.stream() + ": " + event.data().json()));
/// }
///
/// Page<Event> page =
///     mistral.events().getWorkflowEvents(b -> b.rootWorkflowExecId("hello-1").limit(100));
/// page.items().forEach(event -> System.out.println(event.eventType()));
///
/// SendEventsResponse sent = mistral.events().sendEventsBatch(events);
/// System.out.println(sent.status());
/// ```
///
/// A call throws an [ApiException][io.galerne.client.error.ApiException] if the server refuses it,
/// a [ConnectionException][io.galerne.client.error.ConnectionException] or
/// [RequestTimeoutException][io.galerne.client.error.RequestTimeoutException] if there is no
/// response, and a [DecodingException][io.galerne.client.error.DecodingException] if the response
/// cannot be parsed. If the calling thread is interrupted, the call throws a
/// `java.util.concurrent.CancellationException`. [EventsAsync] has the non-blocking variants.
///
/// A test may implement this interface instead of running a server; four methods are abstract.
/// Later versions may add default methods.
public interface Events {
  /// Streams events: first the stored ones, then new ones (contract, section 4). Returns once
  /// connected. Until then, [Retries] apply, and temporary errors are retried according to
  /// [Reconnection]; from then on, the stream reconnects automatically.
  ///
  /// @return the stream; the caller closes it
  /// @throws MistralException if the stream cannot connect
  EventStream getStreamEvents(StreamEventsRequest request);

  /// As [#getStreamEvents(StreamEventsRequest)], building the request inline.
  default EventStream getStreamEvents(Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEvents(StreamEventsRequest.of(request));
  }

  /// Handles events with a stored checkpoint: a restarted consumer continues after its checkpoint,
  /// or starts where the request says if there is none. Returns when the stream ends: with
  /// `untilTerminal()`, once the execution is over, even if it was over before; or when the client
  /// is closed.
  ///
  /// Each event is handled on the calling thread. The checkpoint is saved after each event, before
  /// the next one is read. So every event is handled **at least once**: after a crash, the last one
  /// may be handled again. If the handler writes to a database, the same transaction can save the
  /// checkpoint: see [io.galerne.client.checkpoint.JdbcCheckpointStore].
  ///
  /// @param consumer the consumer's name in the store, the same at every start
  /// @return how the stream ended
  /// @throws X if the handler throws it
  /// @throws io.galerne.client.error.CheckpointException if the store fails, or another consumer
  ///     holds the name
  /// @throws MistralException if the stream cannot be opened or cannot continue. If the log is not
  ///     the checkpoint's, it is a [StreamException] of kind [StreamException.Kind#LOG_CHANGED];
  ///     [CheckpointStore#delete] starts over
  default <X extends Exception> Ending consume(
      StreamEventsRequest request, CheckpointStore store, String consumer, EventHandler<X> handler)
      throws X {
    try (CheckpointStore.Claim claim = store.claim(consumer)) {
      return consume(request, claim, handler);
    }
  }

  /// As [#consume(StreamEventsRequest, CheckpointStore, String, EventHandler)], with a claim that
  /// the caller holds and closes.
  default <X extends Exception> Ending consume(
      StreamEventsRequest request, CheckpointStore.Claim claim, EventHandler<X> handler) throws X {
    StreamEventsRequest resumed = claim.checkpoint().map(request::withResumeAfter).orElse(request);
    try (EventStream stream = getStreamEvents(resumed)) {
      for (StreamEvent event : stream) {
        handler.handle(event);
        claim.save(stream.position().orElseThrow());
      }
      return stream.ending().orElseThrow();
    } catch (StreamException e) {
      if (e.kind() != StreamException.Kind.LOG_CHANGED) {
        throw e;
      }
      throw new StreamException(
          e.kind(),
          e.getMessage()
              + (". It is the checkpoint of consumer '" + claim.consumer())
              + "': delete it from its store to start over, or restore the server's log",
          e.position().orElse(null),
          e);
    }
  }

  /// Lists one page of the stored events, in the order of the log (contract, section 5).
  ///
  /// @throws MistralException if the call fails
  Page<Event> getWorkflowEvents(WorkflowEventsRequest request);

  /// As [#getWorkflowEvents(WorkflowEventsRequest)], building the request inline.
  default Page<Event> getWorkflowEvents(Consumer<WorkflowEventsRequest.Builder> request) {
    return getWorkflowEvents(WorkflowEventsRequest.of(request));
  }

  /// Lists all stored events, fetching pages lazily. The request's limit applies to each page.
  default Pages<Event> getAllWorkflowEvents(WorkflowEventsRequest request) {
    return new Pages<>(
        request.cursor().orElse(null),
        cursor -> getWorkflowEvents(cursor == null ? request : request.from(cursor)));
  }

  /// As [#getAllWorkflowEvents(WorkflowEventsRequest)], building the request inline.
  default Pages<Event> getAllWorkflowEvents(Consumer<WorkflowEventsRequest.Builder> request) {
    return getAllWorkflowEvents(WorkflowEventsRequest.of(request));
  }

  /// Publishes one event. Returns once it is durable (contract, section 3). Sending an event again
  /// is harmless: the server recognises it by its `event_id`.
  ///
  /// @throws MistralException if the call fails
  default SendEventsResponse sendEvent(Event event) {
    return sendEvent(request -> request.event(event));
  }

  /// Publishes one event, as [#sendEvent(Event)] does.
  SendEventsResponse sendEvent(SendEventRequest request);

  /// As [#sendEvent(SendEventRequest)], building the request inline.
  default SendEventsResponse sendEvent(Consumer<SendEventRequest.Builder> request) {
    return sendEvent(SendEventRequest.of(request));
  }

  /// Publishes events in their order: all of them or, if one is invalid, none. Returns once they
  /// are durable (contract, section 3).
  ///
  /// @throws MistralException if the call fails
  default SendEventsResponse sendEventsBatch(Collection<? extends Event> events) {
    return sendEventsBatch(request -> request.events(events));
  }

  /// Publishes events, as [#sendEventsBatch(Collection)] does.
  SendEventsResponse sendEventsBatch(SendEventsBatchRequest request);

  /// As [#sendEventsBatch(SendEventsBatchRequest)], building the request inline.
  default SendEventsResponse sendEventsBatch(Consumer<SendEventsBatchRequest.Builder> request) {
    return sendEventsBatch(SendEventsBatchRequest.of(request));
  }

  /// Starts a publisher that sends events in batches with
  /// [#sendEventsBatch(SendEventsBatchRequest)].
  ///
  /// @return the publisher; the caller closes it
  default BatchingPublisher batchingPublisher() {
    return batchingPublisher(settings -> {});
  }

  /// As [#batchingPublisher()], with settings other than the defaults.
  default BatchingPublisher batchingPublisher(Consumer<BatchingPublisher.Builder> settings) {
    return BatchingPublisher.start(this, settings);
  }
}
