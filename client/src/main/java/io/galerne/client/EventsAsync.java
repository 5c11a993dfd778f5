package io.galerne.client;

import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// The operations on workflow events without waiting for them. Safe for use by several threads.
///
/// ```java
/// CompletableFuture<SendEventsResponse> sent = mistral.async().events().sendEventsBatch(events);
/// System.out.println(sent.join().status());
/// ```
///
/// A result completes exceptionally with what the call of [Events] throws. Cancelling a result
/// cancels its call.
public interface EventsAsync {
  /// Opens a stream, on a thread of its own or one of the client's executor.
  ///
  /// @return the stream, once connected; to be closed by the caller. If the result is cancelled
  ///     first, the stream is closed
  CompletableFuture<EventStream> getStreamEvents(StreamEventsRequest request);

  /// As [#getStreamEvents(StreamEventsRequest)], with a request made on the spot.
  default CompletableFuture<EventStream> getStreamEvents(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEvents(StreamEventsRequest.of(request));
  }

  /// Streams events to subscribers. Each has a stream and a thread of its own and gets as many
  /// events as it requests; while it requests none, the server waits. A subscriber completes when
  /// its stream ends, and fails with what the stream throws; cancelling closes the stream.
  Flow.Publisher<StreamEvent> getStreamEventsPublisher(StreamEventsRequest request);

  /// As [#getStreamEventsPublisher(StreamEventsRequest)], with a request made on the spot.
  default Flow.Publisher<StreamEvent> getStreamEventsPublisher(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEventsPublisher(StreamEventsRequest.of(request));
  }

  /// Lists one page of the stored events, in the order of the log.
  CompletableFuture<Page<Event>> getWorkflowEvents(WorkflowEventsRequest request);

  /// As [#getWorkflowEvents(WorkflowEventsRequest)], with a request made on the spot.
  default CompletableFuture<Page<Event>> getWorkflowEvents(
      Consumer<WorkflowEventsRequest.Builder> request) {
    return getWorkflowEvents(WorkflowEventsRequest.of(request));
  }

  /// Publishes one event; the result is done once it is durable.
  default CompletableFuture<SendEventsResponse> sendEvent(Event event) {
    return sendEvent(request -> request.event(event));
  }

  /// Publishes one event; the result is done once it is durable.
  CompletableFuture<SendEventsResponse> sendEvent(SendEventRequest request);

  /// As [#sendEvent(SendEventRequest)], with a request made on the spot.
  default CompletableFuture<SendEventsResponse> sendEvent(
      Consumer<SendEventRequest.Builder> request) {
    return sendEvent(SendEventRequest.of(request));
  }

  /// Publishes events in their order, all or none; the result is done once they are durable.
  default CompletableFuture<SendEventsResponse> sendEventsBatch(
      Collection<? extends Event> events) {
    return sendEventsBatch(request -> request.events(events));
  }

  /// Publishes events in their order, all or none; the result is done once they are durable.
  CompletableFuture<SendEventsResponse> sendEventsBatch(SendEventsBatchRequest request);

  /// As [#sendEventsBatch(SendEventsBatchRequest)], with a request made on the spot.
  default CompletableFuture<SendEventsResponse> sendEventsBatch(
      Consumer<SendEventsBatchRequest.Builder> request) {
    return sendEventsBatch(SendEventsBatchRequest.of(request));
  }
}
