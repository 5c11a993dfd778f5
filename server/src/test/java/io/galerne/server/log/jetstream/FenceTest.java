package io.galerne.server.log.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.Seed;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FenceTest {
  /// These bytes are in streams that are there already.
  @ParameterizedTest
  @CsvSource({
    "1,          1,                   01 01 01",
    "127,        128,                 01 7f 8001",
    "300,        16384,               01 ac02 808001",
    "1073741825, 9223372036854775807, 01 8180808004 ffffffffffffffff7f",
  })
  void keepsItsFormat(long from, long to, String hex) {
    byte[] data = new Fence(from, to).write();
    assertThat(HexFormat.of().formatHex(data)).isEqualTo(hex.replace(" ", ""));
    assertThat(Fence.read(data)).isEqualTo(new Fence(from, to));
  }

  @Test
  void readsWhatWasWritten() {
    Random random = Seed.random("FenceTest");
    for (int i = 0; i < 10_000; i++) {
      long from = random.nextLong() >>> random.nextInt(1, 64);
      long to = random.nextLong() >>> random.nextInt(1, 64);
      assertThat(Fence.read(new Fence(from, to).write())).isEqualTo(new Fence(from, to));
    }
  }

  @Test
  void refusesBytesThatEndTooEarlyAtEveryByte() {
    byte[] data = new Fence(300, 16_384).write();
    for (int length = 0; length < data.length; length++) {
      byte[] cut = Arrays.copyOf(data, length);
      assertThatThrownBy(() -> Fence.read(cut))
          .as("cut at %s", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void refusesOtherVersions() {
    byte[] data = new Fence(1, 2).write();
    data[0] = 2;
    assertThatThrownBy(() -> Fence.read(data))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("version 1");
  }
}
