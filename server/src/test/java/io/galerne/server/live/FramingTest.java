package io.galerne.server.live;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.SampleEvent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Extracting data from chunks.
class FramingTest {
  @Test
  void extractsTheDataOfChunks() {
    ByteBuf chunks =
        Unpooled.copiedBuffer("3\r\nabc\r\n00000A\r\n0123456789\r\n1\r\n\r\r\n", US_ASCII);
    ByteBuf data = Framing.dataOf(chunks);
    assertThat(data.toString(US_ASCII)).isEqualTo("abc0123456789\r");
    assertThat(chunks.refCnt()).as("the data retains it").isPositive();
    data.release();
    assertThat(chunks.refCnt()).isZero();
  }

  @Test
  void noChunksHaveNoData() {
    ByteBuf chunks = Unpooled.buffer();
    assertThat(Framing.dataOf(chunks).isReadable()).isFalse();
    assertThat(chunks.refCnt()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1_000_000})
  void thePartsOfAFrameMakeTheFrame(int partBytes) {
    EventRecord event = SampleEvent.any().record("acme");
    ByteBuf frame = Unpooled.buffer();
    Frames.write(frame, 4711, event);
    assertThat(frame.readableBytes()).isEqualTo(Frames.bytes(4711, event));
    ByteBuf parts = Unpooled.buffer();
    int end = Frames.bytes(4711, event);
    for (int from = 0; from < end; from += partBytes) {
      Frames.writePart(parts, 4711, event, from, Math.min(end, from + partBytes));
    }
    ByteBuf data = Framing.dataOf(parts);
    assertThat(data.toString(StandardCharsets.UTF_8))
        .isEqualTo(frame.toString(StandardCharsets.UTF_8));
    data.release();
  }
}
