package io.galerne.client;

import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.publish.SendEventsResponse;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// The non-blocking variant of [Events]. Thread-safe.
///
/// ```java
/// CompletableFuture<SendEventsResponse> sent = mistral.async().events().sendEventsBatch(events);
/// System.out.println(sent.join().status());
/// ```
///
/// A future completes exceptionally with the exception that the call of [Events] throws. Cancelling
/// a future cancels its call.
public interface EventsAsync {
  /// Opens a stream on a new thread, or on the client's executor if it has one.
  ///
  /// @return the stream, once connected; the caller closes it. If the future is cancelled first,
  ///     the stream is closed
  CompletableFuture<EventStream> getStreamEvents(StreamEventsRequest request);

  /// As [#getStreamEvents(StreamEventsRequest)], building the request inline.
  default CompletableFuture<EventStream> getStreamEvents(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEvents(StreamEventsRequest.of(request));
  }

  /// Streams events to subscribers with backpressure. Each subscriber has its own stream and
  /// thread, and receives only the events that it requests; until it requests more, the server
  /// waits. The subscriber gets `onComplete` when the stream ends and `onError` if the stream
  /// throws; cancelling the subscription closes the stream.
  Flow.Publisher<StreamEvent> getStreamEventsPublisher(StreamEventsRequest request);

  /// As [#getStreamEventsPublisher(StreamEventsRequest)], building the request inline.
  default Flow.Publisher<StreamEvent> getStreamEventsPublisher(
      Consumer<StreamEventsRequest.Builder> request) {
    return getStreamEventsPublisher(StreamEventsRequest.of(request));
  }

  /// Lists one page of the stored events, in the order of the log.
  CompletableFuture<Page<Event>> getWorkflowEvents(WorkflowEventsRequest request);

  /// As [#getWorkflowEvents(WorkflowEventsRequest)], building the request inline.
  default CompletableFuture<Page<Event>> getWorkflowEvents(
      Consumer<WorkflowEventsRequest.Builder> request) {
    return getWorkflowEvents(WorkflowEventsRequest.of(request));
  }

  /// Publishes one event; the future completes once it is durable.
  default CompletableFuture<SendEventsResponse> sendEvent(Event event) {
    return sendEvent(request -> request.event(event));
  }

  /// Publishes one event; the future completes once it is durable.
  CompletableFuture<SendEventsResponse> sendEvent(SendEventRequest request);

  /// As [#sendEvent(SendEventRequest)], building the request inline.
  default CompletableFuture<SendEventsResponse> sendEvent(
      Consumer<SendEventRequest.Builder> request) {
    return sendEvent(SendEventRequest.of(request));
  }

  /// Publishes events in their order, all or none; the future completes once they are durable.
  default CompletableFuture<SendEventsResponse> sendEventsBatch(
      Collection<? extends Event> events) {
    return sendEventsBatch(request -> request.events(events));
  }

  /// Publishes events in their order, all or none; the future completes once they are durable.
  CompletableFuture<SendEventsResponse> sendEventsBatch(SendEventsBatchRequest request);

  /// As [#sendEventsBatch(SendEventsBatchRequest)], building the request inline.
  default CompletableFuture<SendEventsResponse> sendEventsBatch(
      Consumer<SendEventsBatchRequest.Builder> request) {
    return sendEventsBatch(SendEventsBatchRequest.of(request));
  }
}
