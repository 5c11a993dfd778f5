package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventScannerTest {
  private static final String ONE_EVENT_A_FRAME =
      """
      HTTP/1.1 200 OK\r
      Transfer-Encoding: chunked\r
      \r
      2a\r
      : hi

      id: 7
      data: {"value":{"t":"^1000000000000000007"},"broker_sequence":7}

      \r
      99\r
      id: 8
      data: {"value":{"t":"^1000000000000000008"},"broker_sequence":8}

      :

      id: 9
      data: {"value":{"more":true,"t":"^1000000000000000009"},"broker_sequence":1234567}

      \r
      """;

  /// Framed like durable-streams-server.
  private static final String SEVERAL_EVENTS_A_FRAME =
      """
      HTTP/1.1 200 OK\r
      transfer-encoding: chunked\r
      \r
      66\r
      event: control
      data:{"streamNextOffset":"0000000000000000_0000000000000008","upToDate":true}

      \r
      120\r
      event: data
      data:[{"t":"^1000000000000000007"},{"t":"^1000000000000000008"}]

      event: control
      data:{"streamNextOffset":"0000000000000000_0000000000000026","upToDate":true}

      \r
      120\r
      event: data
      data:[{"t":"^1000000000000000009"}]

      \r
      """;

  private static final Long[] TIMES = {
    1000000000000000007L, 1000000000000000008L, 1000000000000000009L
  };

  @Test
  void findsTheTimeOfEveryEventInAnyFrame() {
    assertThat(scan(new EventScanner(), ONE_EVENT_A_FRAME)).containsExactly(TIMES);
    assertThat(scan(new EventScanner(), SEVERAL_EVENTS_A_FRAME)).containsExactly(TIMES);
  }

  @Test
  void findsTimesThatAreSplitAtAnyByte() {
    for (String text : List.of(ONE_EVENT_A_FRAME, SEVERAL_EVENTS_A_FRAME)) {
      for (int cut = 0; cut <= text.length(); cut++) {
        EventScanner scanner = new EventScanner();
        List<Long> times = scan(scanner, text.substring(0, cut));
        times.addAll(scan(scanner, text.substring(cut)));
        assertThat(times).as("cut at " + cut).containsExactly(TIMES);
      }
    }
  }

  private static List<Long> scan(EventScanner scanner, String text) {
    List<Long> times = new ArrayList<>();
    int found = scanner.scan(Unpooled.copiedBuffer(text, UTF_8), times::add);
    assertThat(found).isEqualTo(times.size());
    return times;
  }
}
