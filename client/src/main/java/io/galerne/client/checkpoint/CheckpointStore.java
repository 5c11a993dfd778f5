package io.galerne.client.checkpoint;

import io.galerne.client.error.CheckpointException;
import java.util.Optional;

/// Stores the positions of stream consumers, each under a unique name, so that a restarted consumer
/// continues after its last event. Thread-safe.
///
/// [Events.consume][io.galerne.client.Events#consume] uses it. Your own loop can do the same:
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
  /// Claims a consumer's checkpoint for exclusive use.
  ///
  /// @param consumer the consumer's name, the same at every start
  /// @return the claim; the caller closes it
  /// @throws CheckpointException if the checkpoint cannot be read, or the store knows that another
  ///     consumer holds it
  Claim claim(String consumer);

  /// Deletes a consumer's checkpoint, so that the consumer starts over. Does nothing if there is
  /// none.
  ///
  /// @throws CheckpointException if the checkpoint cannot be deleted, or the store knows that a
  ///     consumer holds it
  void delete(String consumer);

  /// An exclusive claim on a consumer's checkpoint. For one thread at a time.
  interface Claim extends AutoCloseable {
    /// The consumer's name.
    String consumer();

    /// The checkpoint saved last; empty if there is none.
    Optional<Checkpoint> checkpoint();

    /// Saves the consumer's position; returns once it is durable.
    ///
    /// @throws CheckpointException if the position cannot be saved, would go backwards or belongs
    ///     to another log, or if another consumer has claimed the name. The previous checkpoint
    ///     stays
    void save(Checkpoint checkpoint);

    /// Releases the name.
    @Override
    void close();
  }
}
