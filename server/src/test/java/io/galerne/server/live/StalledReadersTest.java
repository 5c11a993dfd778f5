package io.galerne.server.live;

import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.RunningServer.HttpVersion;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Readers that stop reading cost neither memory nor other readers' time (target R3).
@Timeout(300)
@ExtendWith(QuietServer.class)
class StalledReadersTest {
  private static final int STALLED = 20;
  private static final int EVENT_BYTES = 16 * 1024;
  private static final int IN_BATCH = 20;
  private static final int BATCHES = 35;
  private static final int EVENTS = BATCHES * IN_BATCH;

  /// Limit of what the server may hold for all of them; their events together are 20 times 11 MiB.
  private static final long MOST_BYTES = 100L << 20;

  @TempDir Path folder;

  /// Over HTTP/2, all share one connection.
  @ParameterizedTest
  @EnumSource
  void stalledReadersTakeLittleMemoryDelayNoneAndResume(HttpVersion http) {
    List<StreamReader> stalled = new ArrayList<>();
    try (RunningServer server = RunningServer.start(folder);
        StreamReader witness = server.stream(http, STREAM).each(_ -> {}).open()) {
      server.publish(SampleEvents.event("first", "run-1"));
      for (int i = 0; i < STALLED; i++) {
        List<Long> sequences = new ArrayList<>();
        StreamReader reader =
            server.stream(http, STREAM)
                .receiveBuffer(4096)
                .each(message -> sequences.add(StreamReader.sequence(message)))
                .open();
        reader.await(1);
        reader.stall();
        stalled.add(reader);
      }
      long before = directBytes();
      for (int batch = 0; batch < BATCHES; batch++) {
        List<String> events = new ArrayList<>();
        for (int i = 0; i < IN_BATCH; i++) {
          events.add(SampleEvents.large("e" + batch + "-" + i, "run-1", EVENT_BYTES));
        }
        server.publish(events);
        assertThat(directBytes() - before).isLessThan(MOST_BYTES);
      }
      // this reader has everything while all the others are stalled
      witness.await(EVENTS + 1);
      assertThat(server.metric("galerne_published_events_total")).isEqualTo(EVENTS + 1);

      stalled.forEach(StreamReader::goOn);
      for (StreamReader reader : stalled) {
        reader.await(EVENTS + 1);
        assertThat(reader.end()).isEqualTo(End.OPEN);
        reader.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStalledReaderThatContinuesGetsEverythingInOrder(HttpVersion http) {
    try (RunningServer server = RunningServer.start(folder);
        StreamReader reader =
            server.stream(http, STREAM + "?workflow_exec_id=run-1").receiveBuffer(4096).open()) {
      int published = 0;
      for (int round = 0; round < 3; round++) {
        reader.stall();
        for (int batch = 0; batch < 15; batch++) {
          List<String> events = new ArrayList<>();
          for (int i = 0; i < IN_BATCH; i++) {
            events.add(SampleEvents.large("e" + published++, "run-" + i % 2, EVENT_BYTES));
          }
          server.publish(events);
        }
        reader.goOn();
        reader.await(published / 2 - 100); // some is in flight when it stalls again
      }
      reader.await(published / 2);
      server.stop();
      assertThat(reader.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(reader.sequences())
          .isEqualTo(LongStream.rangeClosed(1, published).filter(n -> n % 2 == 0).boxed().toList());
    }
  }

  private static long directBytes() {
    long pooled = PooledByteBufAllocator.DEFAULT.metric().usedDirectMemory();
    return ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider others
        ? pooled + others.metric().usedDirectMemory()
        : pooled;
  }
}
