package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdentityTest {
  private static final String ID = "0b29d6b4-6c2e-4f6f-9a4c-4b1f3a0c9d11";

  /// This text is in the descriptions of streams that are there already.
  @Test
  void keepsItsFormat() {
    StreamIdentity identity = new StreamIdentity(ID, 1L << 30);
    String description = "Galerne event log, format 1, id " + ID + ", offset 1073741824";
    assertThat(identity.description()).isEqualTo(description);
    assertThat(StreamIdentity.read(description)).contains(identity);
  }

  @Test
  void readsWhatItDescribes() {
    StreamIdentity identity = StreamIdentity.fresh();
    for (int restores = 0; restores < 100; restores++) {
      assertThat(StreamIdentity.read(identity.description())).contains(identity);
      identity = identity.afterRestore();
    }
  }

  @Test
  void aNewLogHasAnIdOfItsOwnAndTheSequencesOfItsStream() {
    StreamIdentity identity = StreamIdentity.fresh();
    assertThat(UUID.fromString(identity.logId())).hasToString(identity.logId());
    assertThat(identity.offset()).isZero();
    assertThat(StreamIdentity.fresh().logId()).isNotEqualTo(identity.logId());
  }

  @Test
  void aRestoredLogHasAnotherIdAndLeavesOutWholeSegments() {
    StreamIdentity before = new StreamIdentity(ID, 0);
    StreamIdentity once = before.afterRestore();
    StreamIdentity twice = once.afterRestore();
    assertThat(once.logId()).isNotEqualTo(ID).isNotEqualTo(twice.logId());
    assertThat(once.offset()).isEqualTo(1L << 30);
    assertThat(twice.offset()).isEqualTo(2L << 30);
    assertThat(once.offset() % Segment.SEQUENCES).isZero();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "orders of the shop",
        "Galerne event log, format 2, id " + ID + ", offset 0",
        "Galerne event log, format 1, id " + ID + ", offset -1",
        "Galerne event log, format 1, id " + ID + ", offset 9223372036854775808",
        "Galerne event log, format 1, id " + ID,
        "Galerne event log, format 1, id x, offset 0",
        "Galerne event log, format 1, id " + ID + ", offset 0 (do not delete)",
      })
  void whatSaysAnythingElseIsNoLog(@Nullable String description) {
    assertThat(StreamIdentity.read(description)).isEqualTo(Optional.empty());
  }
}
