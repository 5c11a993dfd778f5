package io.galerne.client;

import io.galerne.client.error.CheckpointException;
import java.util.Optional;

/// Where consumers of streams keep how far they have come, each under a name of its own, so that
/// they go on there when they start again. Safe for use by several threads.
///
/// [Events#consume(StreamEventsRequest, CheckpointStore, String, EventHandler)] uses it. A loop of
/// the caller's own can do the same:
///
/// ```java
/// CheckpointStore store = new FileCheckpointStore(Path.of("checkpoints"));
/// try (CheckpointStore.Claim claim = store.claim("billing");
///     EventStream stream =
///         mistral.events().getStreamEvents(b ->
///             b.resumeAfter(claim.checkpoint().orElse(null))
///                 .workflowExecId("hello-1")
///                 .untilTerminal())) {
///   for (StreamEvent event : stream) {
///     System.out.println(event.data().eventType());
///     stream.position().ifPresent(claim::save);
///   }
/// }
/// ```
public interface CheckpointStore {
  /// Takes a consumer's checkpoint for the caller alone.
  ///
  /// @param consumer a name, the same at every start
  /// @return to be closed by the caller
  /// @throws CheckpointException where it cannot be read, or the store knows that another consumer
  ///     has it
  Claim claim(String consumer);

  /// Forgets a consumer's checkpoint, so that it begins anew. Where there is none, nothing happens.
  ///
  /// @throws CheckpointException where it cannot be deleted, or the store knows that a consumer has
  ///     it
  void delete(String consumer);

  /// A consumer's checkpoint, taken for one consumer. For one thread at a time.
  interface Claim extends AutoCloseable {
    /// The consumer's name.
    String consumer();

    /// What was saved last; empty where nothing was.
    Optional<Checkpoint> checkpoint();

    /// Saves how far the consumer has come; returns once that is durable.
    ///
    /// @throws CheckpointException where it cannot be saved, where it would go backwards or is of
    ///     another log, and where another consumer has taken the name. What was saved before stays
    void save(Checkpoint checkpoint);

    /// Leaves the name to others.
    @Override
    void close();
  }
}
