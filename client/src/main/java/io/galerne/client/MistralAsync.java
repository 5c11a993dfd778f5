package io.galerne.client;

/// The calls of a client without waiting for them: see [Mistral#async()]. Each returns a
/// `CompletableFuture`, or a `Flow.Publisher` of events. Safe for use by several threads; closed with
/// its client.
public interface MistralAsync {
  /// Streams, lists and publishes events.
  EventsAsync events();

  /// Everything else about workflows.
  WorkflowsAsync workflows();
}
