package io.galerne.client;

import io.galerne.client.error.CheckpointException;
import io.galerne.client.error.MistralException;
import io.galerne.client.error.StreamException;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventPage;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// The operations on workflow events: stream, list, publish. Safe for use by several threads.
///
/// ```java
/// try (EventStream stream =
///     mistral.events().getStreamEvents(b -> b.rootWorkflowExecId("hello-1").untilTerminal())) {
///   stream.stream()
///       .filter(event -> event.data() instanceof CustomTaskEvent)
///       .forEach(event -> System.out.println(event.stream() + ": " + event.data().json()));
/// }
///
/// ListWorkflowEventResponse page =
///     mistral.events().getWorkflowEvents(b -> b.rootWorkflowExecId("hello-1").limit(100));
/// page.events().forEach(event -> System.out.println(event.eventType()));
///
/// CompletableFuture<SendEventsResponse> sent =
///     mistral.events().sendEventsBatchAsync(b -> b.events(events));
/// System.out.println(sent.join().status());
/// ```
///
/// Whatever is sent may throw a [InvalidRequestException] where the server finds faults in it, a
/// [ApiException] where it answers any other error, a [ConnectionException] or
/// [RequestTimeoutException] where it does not answer, and a [DecodingException] where its answer
/// cannot be understood. Where a waiting thread is interrupted, a
/// `java.util.concurrent.CancellationException` is thrown. The asynchronous forms complete with the
/// same exceptions; to cancel what they return ends the call.
public final class Events {
  private final Transport transport;

  Events(Transport transport) {
    this.transport = transport;
  }

  /// Streams events: first what is stored, then what comes (contract, section 4). Returns once
  /// connected. Until then, [RetryConfig] holds, and answers that say "not now" are tried again as
  /// [Reconnection] says; from then on, the stream comes back by itself.
  ///
  /// @return to be closed by the caller
  /// @throws MistralException where it cannot connect
  public EventStream getStreamEvents(StreamEventsRequest request) {
    return EventStream.open(request.plan(), transport);
  }

  /// As [#getStreamEvents(StreamEventsRequest)], with the request put together on the spot.
  public EventStream getStreamEvents(Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEvents(StreamEventsRequest.builder().with(request).build());
  }

  /// Opens a stream without waiting for the connection.
  ///
  /// @return the stream, once connected; to be closed by the caller
  public CompletableFuture<EventStream> getStreamEventsAsync(StreamEventsRequest request) {
    return opening(request.plan(), transport);
  }

  /// As [#getStreamEventsAsync(StreamEventsRequest)], with the request put together on the spot.
  public CompletableFuture<EventStream> getStreamEventsAsync(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEventsAsync(StreamEventsRequest.builder().with(request).build());
  }

  /// Streams events to subscribers. Each has a stream and a thread of its own and gets as many
  /// events as it asks for; while it asks for none, the server waits. It completes where the stream
  /// ends, and fails with what the stream throws; to cancel closes the stream.
  public Flow.Publisher<StreamEvent> getStreamEventsPublisher(StreamEventsRequest request) {
    return new StreamPublisher(() -> getStreamEvents(request), transport.settings());
  }

  /// As [#getStreamEventsPublisher(StreamEventsRequest)], with the request put together on the
  /// spot.
  public Flow.Publisher<StreamEvent> getStreamEventsPublisher(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEventsPublisher(StreamEventsRequest.builder().with(request).build());
  }

  /// Handles events, each start where the one before has ended: behind the consumer's checkpoint,
  /// or where the request begins while there is none. Returns when the stream ends, as it does
  /// with `untilTerminal()` once the execution is over, even if it was over before, or because the
  /// client is closed.
  ///
  /// Each event is handled on this thread, and only when that is done is its checkpoint saved and
  /// the next one taken. So every event is handled **at least once**: after a crash, the last one
  /// may come again. Where the effects of handling belong to a database, its transaction can hold
  /// the checkpoint too: see [io.galerne.client.checkpoint.JdbcCheckpointStore].
  ///
  /// @param consumer the consumer's name in the store, the same at every start
  /// @return how the stream ended
  /// @throws X what the handler throws
  /// @throws CheckpointException where the store says so, such as that another consumer has the name
  /// @throws MistralException where the stream cannot be opened or cannot go on. Where the log is
  ///     another one than that of the checkpoint, it is a [StreamException] of kind
  ///     [StreamException.Kind#LOG_CHANGED], and it stays like that until somebody has decided to
  ///     start over with [CheckpointStore#delete]
  public <X extends Exception> Ending consume(
      StreamEventsRequest request, CheckpointStore store, String consumer, EventHandler<X> handler)
      throws X {
    try (CheckpointStore.Claim claim = store.claim(consumer)) {
      return consume(request, claim, handler);
    }
  }

  /// As [#consume(StreamEventsRequest, CheckpointStore, String, EventHandler)], for a checkpoint
  /// that the caller has claimed, and closes.
  public <X extends Exception> Ending consume(
      StreamEventsRequest request, CheckpointStore.Claim claim, EventHandler<X> handler) throws X {
    StreamEventsRequest behind = claim.checkpoint().map(request::resumingAfter).orElse(request);
    try (EventStream stream = getStreamEvents(behind)) {
      for (StreamEvent event : stream) {
        handler.handle(event);
        claim.save(stream.position().orElseThrow());
      }
      return stream.ending().orElseThrow();
    } catch (StreamException e) {
      throw e.kind() == StreamException.Kind.LOG_CHANGED ? logChanged(claim, e) : e;
    }
  }

  private static StreamException logChanged(CheckpointStore.Claim claim, StreamException e) {
    return new StreamException(
        e.kind(),
        e.getMessage()
            + (". It is the checkpoint of consumer '" + claim.consumer())
            + "': delete it from its store to start over, or let the server have its log back",
        e.position().orElse(null),
        e);
  }

  /// Lists one page of what is stored, in the order of the log (contract, section 5).
  ///
  /// @throws MistralException where that fails
  public ListWorkflowEventResponse getWorkflowEvents(WorkflowEventsRequest request) {
    Call call = request.call();
    return decoded(call, Transport.await(transport.call(call, EventReader::page)));
  }

  /// As [#getWorkflowEvents(WorkflowEventsRequest)], with the request put together on the spot.
  public ListWorkflowEventResponse getWorkflowEvents(
      Consumer<WorkflowEventsRequest.Builder> request) {
    return getWorkflowEvents(WorkflowEventsRequest.builder().with(request).build());
  }

  /// Lists one page of what is stored, in the order of the log, without waiting for it.
  public CompletableFuture<ListWorkflowEventResponse> getWorkflowEventsAsync(
      WorkflowEventsRequest request) {
    Call call = request.call();
    return transport.call(call, body -> decoded(call, EventReader.page(body)));
  }

  private ListWorkflowEventResponse decoded(Call call, EventPage page) {
    return new ListWorkflowEventResponse(page, transport.settings().decoderOf(call));
  }

  /// As [#getWorkflowEventsAsync(WorkflowEventsRequest)], with the request put together on the
  /// spot.
  public CompletableFuture<ListWorkflowEventResponse> getWorkflowEventsAsync(
      Consumer<WorkflowEventsRequest.Builder> request) {
    return getWorkflowEventsAsync(WorkflowEventsRequest.builder().with(request).build());
  }

  /// Lists all that is stored, over all pages, each fetched when it is needed. The request's limit
  /// is that of a page.
  public WorkflowEventPages getAllWorkflowEvents(WorkflowEventsRequest request) {
    return new WorkflowEventPages(request, this::getWorkflowEvents);
  }

  /// As [#getAllWorkflowEvents(WorkflowEventsRequest)], with the request put together on the spot.
  public WorkflowEventPages getAllWorkflowEvents(Consumer<WorkflowEventsRequest.Builder> request) {
    return getAllWorkflowEvents(WorkflowEventsRequest.builder().with(request).build());
  }

  /// Publishes one event. Returns once it is durable (contract, section 3). To send an event again
  /// is harmless: its `event_id` tells that it is the same.
  ///
  /// @throws MistralException where that fails
  public SendEventsResponse sendEvent(Event event) {
    return sendEvent(request -> request.event(event));
  }

  /// Publishes one event, as [#sendEvent(Event)] does.
  public SendEventsResponse sendEvent(SendEventRequest request) {
    return Transport.await(sendEventAsync(request));
  }

  /// As [#sendEvent(SendEventRequest)], with the request put together on the spot.
  public SendEventsResponse sendEvent(Consumer<SendEventRequest.Builder> request) {
    return Transport.await(sendEventAsync(request));
  }

  /// Publishes one event without waiting for it.
  public CompletableFuture<SendEventsResponse> sendEventAsync(SendEventRequest request) {
    return transport.call(request.call(), SendEventsResponse::read);
  }

  /// As [#sendEventAsync(SendEventRequest)], with the request put together on the spot.
  public CompletableFuture<SendEventsResponse> sendEventAsync(
      Consumer<SendEventRequest.Builder> request) {
    return sendEventAsync(SendEventRequest.builder().with(request).build());
  }

  /// Publishes events in their order: all of them or, where the server finds fault with one, none.
  /// Returns once they are durable (contract, section 3).
  ///
  /// @throws MistralException where that fails
  public SendEventsResponse sendEventsBatch(Collection<? extends Event> events) {
    return sendEventsBatch(request -> request.events(events));
  }

  /// Publishes events, as [#sendEventsBatch(Collection)] does.
  public SendEventsResponse sendEventsBatch(SendEventsBatchRequest request) {
    return Transport.await(sendEventsBatchAsync(request));
  }

  /// As [#sendEventsBatch(SendEventsBatchRequest)], with the request put together on the spot.
  public SendEventsResponse sendEventsBatch(Consumer<SendEventsBatchRequest.Builder> request) {
    return Transport.await(sendEventsBatchAsync(request));
  }

  /// Publishes events without waiting for it.
  public CompletableFuture<SendEventsResponse> sendEventsBatchAsync(
      SendEventsBatchRequest request) {
    return transport.call(request.call(), SendEventsResponse::read);
  }

  /// As [#sendEventsBatchAsync(SendEventsBatchRequest)], with the request put together on the spot.
  public CompletableFuture<SendEventsResponse> sendEventsBatchAsync(
      Consumer<SendEventsBatchRequest.Builder> request) {
    return sendEventsBatchAsync(SendEventsBatchRequest.builder().with(request).build());
  }

  /// Starts a publisher that collects events into batches.
  ///
  /// @return to be closed by the caller
  public BatchingPublisher batchingPublisher() {
    return batchingPublisher(settings -> {});
  }

  /// As [#batchingPublisher()], with other settings than the defaults.
  public BatchingPublisher batchingPublisher(Consumer<BatchingPublisher.Builder> settings) {
    return BatchingPublisher.start(this, settings);
  }

  /// Opens a stream on a thread of its own. If the result is cancelled first, the stream is closed.
  static CompletableFuture<EventStream> opening(StreamPlan plan, Transport transport) {
    return transport
        .settings()
        .supply("galerne-open", () -> EventStream.open(plan, transport), EventStream::close);
  }
}
