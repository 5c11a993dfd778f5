package io.galerne.client;

/// The non-blocking calls of a client: see [Mistral#async()]. Each returns a `CompletableFuture`,
/// or a `Flow.Publisher` of events. Thread-safe; closed with its client.
public interface MistralAsync {
  /// Streams, lists and publishes events.
  EventsAsync events();

  /// Looks up runs, executions, traces and metrics.
  WorkflowsAsync workflows();
}
