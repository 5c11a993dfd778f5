package io.galerne.client.internal.calls;

import io.galerne.client.Events;
import io.galerne.client.EventsAsync;
import io.galerne.client.Page;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.client.internal.http.Call;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.stream.ReconnectingStream;
import io.galerne.client.internal.stream.StreamPlan;
import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.publish.SendEventsResponse;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventPage;
import io.galerne.protocol.EventReader;

/// [Events] on HTTP. Streams and the decoding of payloads run on the caller's thread.
final class HttpEvents implements Events {
  private final Transport transport;
  private final EventsAsync async;

  HttpEvents(Transport transport, EventsAsync async) {
    this.transport = transport;
    this.async = async;
  }

  @Override
  public EventStream getStreamEvents(StreamEventsRequest request) {
    return ReconnectingStream.open(StreamPlan.of(request), transport);
  }

  @Override
  public Page<Event> getWorkflowEvents(WorkflowEventsRequest request) {
    Call call = Calls.list(request);
    EventPage page = Transport.await(transport.call(call, EventReader::page));
    return Answered.page(page, transport.settings().decoderOf(call));
  }

  @Override
  public SendEventsResponse sendEvent(SendEventRequest request) {
    return Transport.await(async.sendEvent(request));
  }

  @Override
  public SendEventsResponse sendEventsBatch(SendEventsBatchRequest request) {
    return Transport.await(async.sendEventsBatch(request));
  }
}
