package io.galerne.client;

import io.galerne.protocol.StreamEvent;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

/// What there is to do with single executions. Safe for use by several threads. Exceptions are
/// those of [Events].
///
/// ```java
/// try (EventStream stream = mistral.workflows().executions().stream("hello-1")) {
///   for (StreamEvent event : stream) {
///     System.out.println(event.data().eventType());
///   }
///   System.out.println(stream.ending()); // once the execution is over: COMPLETED
/// }
/// ```
public final class Executions {
  private final Transport transport;

  Executions(Transport transport) {
    this.transport = transport;
  }

  /// Streams all events of an execution until it is over (contract, section 4).
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException where it cannot connect
  public EventStream stream(String executionId) {
    return stream(ExecutionStreamRequest.builder(executionId).build());
  }

  /// Streams events of an execution until it is over, which makes the stream's ending
  /// [Ending#COMPLETED]: its newest run has its terminal event, and nothing more of the execution has
  /// followed for the request's `terminalGrace`. A stream that resumes after all of that ends at
  /// once. With [EventSource#DATABASE], it ends after what is stored, and its ending is
  /// [Ending#ENDED].
  ///
  /// @return to be closed by the caller; ends by itself
  /// @throws MistralException where it cannot connect
  public EventStream stream(ExecutionStreamRequest request) {
    return EventStream.open(request.plan(), transport);
  }

  /// As [#stream(ExecutionStreamRequest)], with the request put together on the spot.
  public EventStream stream(String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return stream(request(executionId, request));
  }

  /// Opens the stream without waiting for the connection.
  ///
  /// @return the stream, once connected; to be closed by the caller
  public CompletableFuture<EventStream> streamAsync(ExecutionStreamRequest request) {
    return Events.opening(request.plan(), transport);
  }

  /// As [#streamAsync(ExecutionStreamRequest)], with the request put together on the spot.
  public CompletableFuture<EventStream> streamAsync(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return streamAsync(request(executionId, request));
  }

  /// Streams to subscribers, as [Events#getStreamEventsPublisher(StreamEventsRequest)] does.
  public Flow.Publisher<StreamEvent> streamPublisher(ExecutionStreamRequest request) {
    return new StreamPublisher(() -> stream(request), transport.settings());
  }

  /// As [#streamPublisher(ExecutionStreamRequest)], with the request put together on the spot.
  public Flow.Publisher<StreamEvent> streamPublisher(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    return streamPublisher(request(executionId, request));
  }

  private static ExecutionStreamRequest request(
      String executionId, Consumer<ExecutionStreamRequest.Builder> request) {
    ExecutionStreamRequest.Builder builder = ExecutionStreamRequest.builder(executionId);
    request.accept(builder);
    return builder.build();
  }
}
