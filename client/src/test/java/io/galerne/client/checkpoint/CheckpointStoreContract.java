package io.galerne.client.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.CheckpointException;
import org.junit.jupiter.api.Test;

/// The contract of every checkpoint store.
interface CheckpointStoreContract {
  /// Returns a store on the same files or tables each time.
  CheckpointStore store();

  private void save(String consumer, Checkpoint checkpoint) {
    try (CheckpointStore.Claim claim = store().claim(consumer)) {
      claim.save(checkpoint);
    }
  }

  @Test
  default void aNewConsumerHasNoCheckpoint() {
    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.consumer()).isEqualTo("billing");
      assertThat(claim.checkpoint()).isEmpty();
    }
  }

  @Test
  default void theNextStartFindsTheLastSave() {
    try (CheckpointStore.Claim claim = store().claim("billing")) {
      claim.save(new Checkpoint("log", 3));
      claim.save(new Checkpoint("log", Long.MAX_VALUE));
    }

    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.checkpoint()).contains(new Checkpoint("log", Long.MAX_VALUE));
    }
  }

  @Test
  default void consumersHaveSeparateCheckpoints() {
    save("billing", new Checkpoint("log", 3));
    save("mailing", new Checkpoint("log", 5));

    try (CheckpointStore.Claim billing = store().claim("billing");
        CheckpointStore.Claim mailing = store().claim("mailing")) {
      assertThat(billing.checkpoint()).contains(new Checkpoint("log", 3));
      assertThat(mailing.checkpoint()).contains(new Checkpoint("log", 5));
    }
  }

  @Test
  default void aCheckpointNeverGoesBackwards() {
    save("billing", new Checkpoint("log", 7));

    try (CheckpointStore.Claim claim = store().claim("billing")) {
      claim.save(new Checkpoint("log", 7));
      assertThatThrownBy(() -> claim.save(new Checkpoint("log", 6)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("billing", "7", "6", "delete it first");
    }
    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.checkpoint()).contains(new Checkpoint("log", 7));
    }
  }

  @Test
  default void aCheckpointStaysInItsLog() {
    save("billing", new Checkpoint("one", 7));

    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThatThrownBy(() -> claim.save(new Checkpoint("other", 8)))
          .isInstanceOf(CheckpointException.class)
          .hasMessageContainingAll("one", "other", "delete it first");
    }
  }

  @Test
  default void keepsAKnownLogId() {
    save("billing", Checkpoint.of(1));
    save("billing", new Checkpoint("log", 2));
    save("billing", Checkpoint.of(3));

    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.checkpoint()).contains(new Checkpoint("log", 3));
    }
  }

  @Test
  default void aDeletedCheckpointStartsOver() {
    save("billing", new Checkpoint("one", 7));

    store().delete("billing");
    store().delete("never-there");

    save("billing", new Checkpoint("other", 1));
    try (CheckpointStore.Claim claim = store().claim("billing")) {
      assertThat(claim.checkpoint()).contains(new Checkpoint("other", 1));
    }
  }
}
