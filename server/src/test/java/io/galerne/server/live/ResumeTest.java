package io.galerne.server.live;

import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.RunningServer.HttpVersion;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The start position of a stream (contract, section 4).
@Timeout(60)
@ExtendWith(QuietServer.class)
class ResumeTest {
  @TempDir Path folder;

  private RunningServer server;
  private int published;

  @BeforeEach
  void publishTheScenario() {
    server = RunningServer.start(folder);
    for (String body : SampleEvents.scenario()) {
      assertThat(server.post(SINGLE, body).statusCode()).isEqualTo(200);
      published++;
    }
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private StreamReader from(String startSeq) {
    return from(HttpVersion.HTTP_1_1, startSeq);
  }

  private StreamReader behind(long lastEventId) {
    return behind(HttpVersion.HTTP_1_1, lastEventId);
  }

  private StreamReader from(HttpVersion http, String startSeq) {
    return server.stream(http, STREAM + "?start_seq=" + startSeq).open();
  }

  private StreamReader behind(HttpVersion http, long lastEventId) {
    return server.stream(http, STREAM).header("Last-Event-ID", Long.toString(lastEventId)).open();
  }

  private static List<Long> sequences(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /// Publishes one more event, to show that nothing unexpected came before it.
  private void publishOneMore() {
    server.publish(SampleEvents.event("more-" + published++, "run-1"));
  }

  @ParameterizedTest
  @EnumSource
  void resumesAtEverySequenceStoredAndFromMemory(HttpVersion http) {
    server.close();
    server = RunningServer.start(folder); // earlier events are now stored only, not in memory
    Map<StreamReader, Long> readers = new LinkedHashMap<>();
    for (int round = 0; round < 2; round++) {
      for (long sequence = 0; sequence <= published + 1; sequence++) {
        readers.put(behind(http, sequence), sequence + 1);
        readers.put(from(http, Long.toString(sequence)), Math.max(1, sequence));
      }
      publishOneMore();
    }
    publishOneMore();
    readers.forEach((reader, from) -> {
      List<Long> expected = sequences(from, published);
      reader.await(expected.size());
      assertThat(reader.sequences()).isEqualTo(expected);
    });
    server.stop();
    readers.forEach((reader, from) -> {
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).isEqualTo(sequences(from, published));
      reader.close();
    });
  }

  @ParameterizedTest
  @CsvSource({"-1", "-9223372036854775808", "51"})
  void aNegativeStartOrHeadPlusOneReturnsNewEvents(String startSeq) {
    try (StreamReader reader = from(startSeq)) {
      assertThat(reader.header("Galerne-Head-Sequence")).isEqualTo("50");
      publishOneMore();
      reader.await(1);
      assertThat(reader.sequences()).containsExactly(51L);
    }
  }

  @Test
  void aStartBeyondTheHeadWaitsForThatSequence() {
    List<StreamReader> readers = new ArrayList<>();
    readers.add(from("53"));
    readers.add(behind(52));
    for (int i = 0; i < 4; i++) {
      publishOneMore();
    }
    for (StreamReader reader : readers) {
      reader.await(2);
      assertThat(reader.sequences()).containsExactly(53L, 54L);
      reader.close();
    }
  }

  @Test
  void lastEventIdWinsOverStartSeq() {
    try (StreamReader late =
            server.stream(STREAM + "?start_seq=1").header("Last-Event-ID", "48").open();
        StreamReader early =
            server.stream(STREAM + "?start_seq=-1").header("last-event-id", "47").open()) {
      late.await(2);
      early.await(3);
      assertThat(late.sequences()).containsExactly(49L, 50L);
      assertThat(early.sequences()).containsExactly(48L, 49L, 50L);
    }
  }

  @ParameterizedTest
  @CsvSource({"9223372036854775807", "9223372036854775806"})
  void theHighestLastEventIdReturnsNothingOld(String lastEventId) {
    try (StreamReader reader = behind(Long.parseLong(lastEventId));
        StreamReader start = from(lastEventId);
        StreamReader witness = from("51")) {
      publishOneMore();
      witness.await(1);
      server.stop();
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(start.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences()).isEmpty();
      assertThat(start.sequences()).isEmpty();
    }
  }

  /// Polyfills of EventSource cannot send the header.
  @ParameterizedTest
  @ValueSource(strings = {"last_event_id", "lastEventId", "lastEventID", "Last-Event-ID"})
  void lastEventIdMayBeAParameter(String name) {
    try (StreamReader late = server.stream(STREAM + "?start_seq=1&" + name + "=48").open();
        StreamReader none = server.stream(STREAM + "?start_seq=49&" + name + "=").open();
        StreamReader both =
            server.stream(STREAM + "?" + name + "=10").header("Last-Event-ID", "49").open();
        StreamReader emptyHeader =
            server.stream(STREAM + "?" + name + "=49").header("Last-Event-ID", "").open();
        StreamReader execution =
            server.stream("/v1/workflows/executions/more/stream?" + name + "=50").open()) {
      late.await(2);
      none.await(2);
      both.await(1);
      emptyHeader.await(1);
      assertThat(late.sequences()).containsExactly(49L, 50L);
      assertThat(none.sequences()).containsExactly(49L, 50L);
      assertThat(both.sequences()).containsExactly(50L);
      assertThat(emptyHeader.sequences()).containsExactly(50L);
      server.publish(SampleEvents.event("one", "more"));
      execution.await(1);
      assertThat(execution.sequences()).containsExactly(51L);
    }
    assertThat(server.get(STREAM + "?" + name + "=x").body())
        .contains("\"loc\":[\"query\",\"" + name + "\"]");
    assertThat(server.get(STREAM + "?" + name + "=-1").statusCode()).isEqualTo(422);
  }

  @Test
  void treatsAnEmptyLastEventIdAsNone() {
    try (StreamReader reader =
        server.stream(STREAM + "?start_seq=50").header("Last-Event-ID", "").open()) {
      reader.await(1);
      assertThat(reader.sequences()).containsExactly(50L);
    }
  }

  @Test
  void reportsAPositionThatIsNotANumber() {
    assertThat(server.get(STREAM + "?start_seq=ten", "Last-Event-ID", "-1").body())
        .isEqualTo(
            "{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"start_seq\"],\"msg\":\"Input"
                + " should be a valid integer of at most 64 bits, unable to parse string as an"
                + " integer\",\"input\":\"ten\"},{\"type\":\"greater_than_equal\",\"loc\":"
                + "[\"header\",\"last-event-id\"],\"msg\":\"Input should be greater than or equal to"
                + " 0\",\"input\":-1,\"ctx\":{\"ge\":0}}]}");
  }
}
