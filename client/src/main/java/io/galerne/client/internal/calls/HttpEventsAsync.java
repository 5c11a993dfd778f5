package io.galerne.client.internal.calls;

import io.galerne.client.EventsAsync;
import io.galerne.client.Page;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.stream.ReconnectingStream;
import io.galerne.client.internal.stream.StreamPlan;
import io.galerne.client.internal.stream.StreamPublisher;
import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.publish.SendEventsResponse;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;

/// [EventsAsync] on HTTP.
final class HttpEventsAsync implements EventsAsync {
  private final Transport transport;

  HttpEventsAsync(Transport transport) {
    this.transport = transport;
  }

  @Override
  public CompletableFuture<EventStream> getStreamEvents(StreamEventsRequest request) {
    return ReconnectingStream.opening(StreamPlan.of(request), transport);
  }

  @Override
  public Flow.Publisher<StreamEvent> getStreamEventsPublisher(StreamEventsRequest request) {
    return new StreamPublisher(StreamPlan.of(request), transport);
  }

  @Override
  public CompletableFuture<Page<Event>> getWorkflowEvents(WorkflowEventsRequest request) {
    return transport.callDecoding(
        Calls.list(request), (body, decoder) -> Answered.page(EventReader.page(body), decoder));
  }

  @Override
  public CompletableFuture<SendEventsResponse> sendEvent(SendEventRequest request) {
    return transport.call(Calls.send(request), Answered.as(SendEventsResponse::of));
  }

  @Override
  public CompletableFuture<SendEventsResponse> sendEventsBatch(SendEventsBatchRequest request) {
    return transport.call(Calls.sendBatch(request), Answered.as(SendEventsResponse::of));
  }
}
