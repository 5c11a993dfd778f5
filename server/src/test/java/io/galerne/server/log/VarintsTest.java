package io.galerne.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VarintsTest {
  /// These bytes are on disk.
  @ParameterizedTest
  @CsvSource({
    "0,                    00",
    "1,                    01",
    "127,                  7f",
    "128,                  8001",
    "300,                  ac02",
    "16383,                ff7f",
    "16384,                808001",
    "2147483647,           ffffffff07",
    "1774864800037000000,  c0a6b3d49cc4e5d018",
    "9223372036854775807,  ffffffffffffffff7f",
    "-1,                   ffffffffffffffffff01",
    "-9223372036854775808, 80808080808080808001",
  })
  void writesSevenBitsPerByteLowestFirst(long value, String hex) {
    byte[] bytes = new byte[Varints.MAX_BYTES];
    int end = Varints.write(bytes, 0, value);
    assertThat(HexFormat.of().formatHex(bytes, 0, end)).isEqualTo(hex);
    assertThat(new Varints(bytes, 0).nextLong()).isEqualTo(value);
  }

  @Test
  void readsConsecutiveNumbersFromAnyPosition() {
    long seed = System.nanoTime();
    System.out.println("VarintsTest seed " + seed);
    Random random = new Random(seed);
    long[] values = random.longs(10_000).map(value -> value >>> random.nextInt(64)).toArray();
    byte[] bytes = new byte[3 + values.length * Varints.MAX_BYTES];
    int end = 3;
    for (long value : values) {
      end = Varints.write(bytes, end, value);
    }
    Varints in = new Varints(bytes, 3);
    long[] read = Arrays.stream(values).map(value -> in.nextLong()).toArray();
    assertThat(read).as("seed %s", seed).isEqualTo(values);
    assertThat(in.position()).isEqualTo(end);
  }

  @Test
  void refusesATruncatedNumber() {
    for (String hex : new String[] {"", "80", "ffffff"}) {
      Varints in = new Varints(HexFormat.of().parseHex(hex), 0);
      assertThatThrownBy(in::nextLong).isInstanceOf(ArrayIndexOutOfBoundsException.class);
    }
  }
}
