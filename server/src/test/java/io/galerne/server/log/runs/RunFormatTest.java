package io.galerne.server.log.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.protocol.EventType;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Every pinned value here is on disk.
class RunFormatTest {
  private static EventRecord event(EventType type) {
    return SampleEvent.of(type)
        .exec("é")
        .root("r")
        .run("")
        .workflow("w")
        .with("event_timestamp", "1")
        .record("n");
  }

  @Test
  void readsWhatItWrote() {
    Run run = Run.of(7, event(EventType.ACTIVITY_TASK_RETRYING));
    assertThat(RunFormat.read(RunFormat.write(run))).isEqualTo(run);
    Run child =
        Run.of(7, SampleEvent.any().parent("p").record())
            .after(9, event(EventType.WORKFLOW_EXECUTION_FAILED));
    assertThat(RunFormat.read(RunFormat.write(child))).isEqualTo(child);
    assertThat(child.status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void keepsItsFormat() {
    Run run = Run.of(7, event(EventType.WORKFLOW_EXECUTION_CANCELED));
    assertThat(HexFormat.of().formatHex(RunFormat.write(run)))
        .isEqualTo(
            "0305" // version, CANCELED
                + "0000000000000007" // last sequence
                + "0000000000000000" // retried
                + "0000000000000007" // first
                + "0000000000000001"
                + "0000000000000000" // started
                + "0000000000000000"
                + "0000000000000007" // ended
                + "0000000000000001"
                + "0000000000000000" // continued
                + "0000000000000000"
                + "000000026e" // namespace
                + "00000003c3a9" // execution
                + "00000001" // run
                + "0000000272" // root
                + "00000000" // no parent
                + "0000000277" // workflow
                + "00000000"); // no retries
  }

  @Test
  void refusesTruncatedOrDamagedBytes() {
    byte[] whole = RunFormat.write(Run.of(7, event(EventType.ACTIVITY_TASK_RETRYING)));
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> RunFormat.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] other = whole.clone();
    other[0] = 1;
    assertThatThrownBy(() -> RunFormat.read(other)).hasMessageContaining("format 3");
    whole[1] = 99;
    assertThatThrownBy(() -> RunFormat.read(whole)).hasMessageContaining("99");
  }

  @Test
  void placesSortLikeTheirPositions() {
    Random random = new Random(7);
    byte[] list = RunKeys.list(RunQuery.in("n").build(), RunStatus.RUNNING);
    for (int i = 0; i < 10_000; i++) {
      RunPosition one = position(random);
      RunPosition other = position(random);
      byte[] place = RunKeys.place(list, one);
      assertThat(RunKeys.position(place)).isEqualTo(one);
      assertThat(Integer.signum(Arrays.compareUnsigned(place, RunKeys.place(list, other))))
          .isEqualTo(Integer.signum(RunPosition.ASCENDING.compare(one, other)));
    }
  }

  private static RunPosition position(Random random) {
    long nanos = random.nextLong() >> random.nextInt(64);
    return new RunPosition(nanos, random.nextLong() >> 62, random.nextLong());
  }
}
