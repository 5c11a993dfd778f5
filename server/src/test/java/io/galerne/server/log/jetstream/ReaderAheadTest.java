package io.galerne.server.log.jetstream;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventRecord;
import io.galerne.server.log.IdHash;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A reader who comes from a node that has seen more of the stream than this one.
@Timeout(60)
class ReaderAheadTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final long PATIENCE_NANOS = SECONDS.toNanos(20);

  private static NatsServers nats;

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    nats = NatsServers.single(folder);
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @Test
  void waitsForTheEndOfABatchAlsoWhereItHasSeenItsBeginning() throws Exception {
    SegmentIndex index = new SegmentIndex(HOUR);
    NatsAccess access = NatsAccess.to(nats.urls());
    try (Cluster cluster = Cluster.connect(access)) {
      LogStream stream = new StreamSetup(cluster, config(access)).open();
      Progress progress = new Progress();
      try (Follower follower = new Follower(stream, index, new RecentEvents(1 << 20), progress)) {
        follower.start();
        publish(stream, 0);
        assertThat(progress.awaitBeyond(0, PATIENCE_NANOS)).isTrue();

        CompletableFuture<Void> seen = progress.seen(1);
        assertThat(seen.isDone()).isFalse();

        publish(stream, 1);
        assertThat(progress.awaitBeyond(1, PATIENCE_NANOS)).isTrue();
        assertThat(progress.seen(2).isDone()).isTrue();
        assertThat(index.head()).isEqualTo(2);
        seen.get(20, SECONDS);
      }
    }
  }

  private static JetStreamLogConfig config(NatsAccess access) {
    return new JetStreamLogConfig(
        access,
        "LOG",
        OptionalInt.of(1),
        Optional.empty(),
        OptionalLong.empty(),
        HOUR,
        false,
        1 << 20,
        HOUR,
        Clock.systemUTC());
  }

  /// Publishes one of the two messages of a batch, as another node does.
  private static void publish(LogStream stream, int place) throws Exception {
    EventRecord event = SampleEvent.any().record();
    long millis = SampleEvent.NOW.toEpochMilli();
    byte[] data = StoredMessage.write(event, IdHash.of(event), 0, event.length(), millis, place, 2);
    stream.publishAndAsk(stream.subjects().of(event), data, place).get(20, SECONDS);
  }
}
