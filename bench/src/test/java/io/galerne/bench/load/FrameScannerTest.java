package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FrameScannerTest {
  private static final String FRAMES =
      """
      HTTP/1.1 200 OK\r
      Transfer-Encoding: chunked\r
      \r
      2a\r
      : hi

      id: 7
      data: {"value":{"t":1000000000000000007},"broker_sequence":7}

      \r
      99\r
      id: 8
      data: {"value":{"t":1000000000000000008},"broker_sequence":8}

      :

      id: 9
      data: {"value":{"more":true,"t":1000000000000000009},"broker_sequence":1234567}

      \r
      """;

  private final FrameScanner scanner = new FrameScanner();
  private final List<Long> times = new ArrayList<>();

  @Test
  void countsDataFramesAndFindsTheirTimes() {
    assertThat(scan(FRAMES)).isEqualTo(3);
    assertThat(times)
        .containsExactly(1000000000000000007L, 1000000000000000008L, 1000000000000000009L);
  }

  @Test
  void countsFramesTornAtAnyByteOnce() {
    for (int cut = 0; cut <= FRAMES.length(); cut++) {
      FrameScanner torn = new FrameScanner();
      int found =
          torn.scan(Unpooled.copiedBuffer(FRAMES.substring(0, cut), UTF_8), times::add)
              + torn.scan(Unpooled.copiedBuffer(FRAMES.substring(cut), UTF_8), times::add);
      assertThat(found).as("cut at " + cut).isEqualTo(3);
    }
    assertThat(times)
        .containsOnly(1000000000000000007L, 1000000000000000008L, 1000000000000000009L);
  }

  private int scan(String text) {
    return scanner.scan(Unpooled.copiedBuffer(text, UTF_8), times::add);
  }
}
