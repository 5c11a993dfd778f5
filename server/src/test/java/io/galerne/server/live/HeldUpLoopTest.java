package io.galerne.server.live;

import static io.galerne.server.RunningServer.STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.embedded.EmbeddedEventLog;
import io.galerne.server.log.store.StoreConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// An event loop that was blocked until its next commits were no longer in memory.
@Timeout(60)
@ExtendWith(QuietServer.class)
class HeldUpLoopTest {
  private static final PublishBody BODIES =
      new PublishBody(new Limits(1 << 20, 8 << 20, 100), Clock.systemUTC());

  private static final int LARGE = 256 * 1024;

  /// Together more than the limit of recent commits.
  private static final int MANY = 130;

  @TempDir Path folder;

  private int appended;

  @Test
  void readersOfADelayedLoopMissNothing() throws Exception {
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
    Map<StreamReader, List<Long>> readers = new LinkedHashMap<>();
    try (EventLog log = open();
        RunningServer server = RunningServer.over(log, loops)) {
      for (String query : List.of("", "?workflow_exec_id=run-0", "?scope=activity", "")) {
        List<Long> sequences = new ArrayList<>();
        readers.put(
            server.stream(STREAM + query)
                .each(message -> sequences.add(StreamReader.sequence(message)))
                .open(),
            sequences);
      }
      for (int round = 0; round < 2; round++) {
        append(log, 10, 10);
        CountDownLatch goOn = holdUp(loops);
        append(log, MANY, LARGE);
        goOn.countDown();
      }
      append(log, 10, 10);
      LongStream all = LongStream.rangeClosed(1, appended);
      List<Long> expected = all.boxed().toList();
      List<Long> ofRun0 = expected.stream().filter(sequence -> sequence % 2 == 1).toList();
      int index = 0;
      for (StreamReader reader : readers.keySet()) {
        List<Long> wanted = index++ == 1 ? ofRun0 : expected;
        reader.await(wanted.size());
        assertThat(reader.end()).isEqualTo(End.OPEN);
        reader.close();
        assertThat(readers.get(reader)).isEqualTo(wanted);
      }
    }
  }

  private EventLog open() {
    return EmbeddedEventLog.open(
        StoreConfig.builder(folder).expiryInterval(Duration.ofHours(1)).build());
  }

  private void append(EventLog log, int events, int bytes) {
    List<CompletableFuture<long[]>> appends = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      String event = SampleEvents.large("e" + appended, "run-" + appended++ % 2, bytes);
      byte[] body = SampleEvents.single(event).getBytes(UTF_8);
      appends.add(log.append(List.of(BODIES.single(body, "default"))));
      if (appends.size() == 16) {
        appends.forEach(CompletableFuture::join);
        appends.clear();
      }
    }
    appends.forEach(CompletableFuture::join);
  }

  /// Blocks every loop until the latch is counted down.
  private static CountDownLatch holdUp(EventLoopGroup loops) throws InterruptedException {
    CountDownLatch goOn = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(2);
    loops.forEach(loop ->
        loop.execute(() -> {
          held.countDown();
          try {
            goOn.await();
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        }));
    held.await();
    return goOn;
  }
}
