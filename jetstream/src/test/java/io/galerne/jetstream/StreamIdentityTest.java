package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class StreamIdentityTest {
  private static final String ID = "0b29d6b4-6c2e-4f6f-9a4c-4b1f3a0c9d11";

  @Test
  void roundTrips() {
    StreamIdentity fresh = StreamIdentity.fresh();
    StreamIdentity restored = fresh.afterRestore(1_000);
    for (StreamIdentity each : new StreamIdentity[] {fresh, restored, restored.afterRestore(5)}) {
      assertThat(StreamIdentity.read(each.description())).contains(each);
      assertThat(StreamIdentity.otherFormat(each.description())).isEmpty();
    }
  }

  /// Existing streams keep this format.
  @Test
  void hasTheDocumentedFormat() {
    assertThat(new StreamIdentity(ID, 7, Optional.empty()).description())
        .isEqualTo("Galerne event log, format 2, id " + ID + ", floor 7");
    assertThat(new StreamIdentity(ID, 7, Optional.of(ID)).description())
        .isEqualTo("Galerne event log, format 2, id " + ID + ", floor 7, before " + ID);
  }

  @Test
  void aRestoreChangesTheIdAndRaisesTheFloor() {
    StreamIdentity fresh = StreamIdentity.fresh();
    StreamIdentity restored = fresh.afterRestore(1_000);
    assertThat(restored.logId()).isNotEqualTo(fresh.logId());
    assertThat(restored.before()).contains(fresh.logId());
    assertThat(restored.floor()).isEqualTo(1_000 + (1L << 30));
    assertThat(restored.afterRestore(1_000).floor()).isEqualTo(1_000 + (2L << 30));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "orders of the shop",
        "Galerne event log, format 2",
        "Galerne event log, format 2, id x, floor 0",
        "Galerne event log, format 2, id " + ID + ", floor -1",
        "Galerne event log, format 2, id " + ID + ", floor 0, before",
        "Galerne event log, format 1, id " + ID + ", offset 0",
        "Galerne event log, format 3, id " + ID + ", floor 0",
      })
  void readsNothingElse(String description) {
    assertThat(StreamIdentity.read(description)).isEmpty();
  }

  @Test
  void namesTheFormatOfALogThatItCannotRead() {
    assertThat(StreamIdentity.otherFormat("Galerne event log, format 1, id " + ID + ", offset 0"))
        .contains("1");
    assertThat(StreamIdentity.otherFormat("Galerne event log, format 3, and more")).contains("3");
    assertThat(StreamIdentity.otherFormat("orders of the shop")).isEmpty();
    assertThat(StreamIdentity.otherFormat(null)).isEmpty();
  }
}
