package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.LogNode.Followed;
import io.galerne.jetstream.nats.NatsServers;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.galerne.server.log.SampleEvent;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Nodes that append at full speed at the same time.
@Timeout(120)
class RaceTest extends OneServerTest {
  private static final int SOME = 2_000;
  private static final int MEGABYTE = 1 << 20;

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.single(folder));
  }

  /// Each gets its share, and no append is refused.
  @ParameterizedTest
  @ValueSource(ints = {2, 3})
  void allNodesProgressAndSeeTheSame(int count) throws Exception {
    List<LogNode> nodes = new ArrayList<>();
    List<Load> loads = new ArrayList<>();
    Map<String, Long> answered = new HashMap<>();
    try {
      for (int i = 0; i < count; i++) {
        LogNode node = new LogNode(log().open());
        nodes.add(node);
        loads.add(new Load());
      }
      for (int i = 0; i < count; i++) {
        LogNode node = nodes.get(i);
        loads.get(i).start("node-" + i, 4, 1, node::log);
        loads.get(i).start("batches-" + i, 1, 50, node::log);
      }
      for (Load load : loads) {
        await().atMost(Duration.ofSeconds(60)).until(() -> load.answers() >= SOME);
      }
      for (Load load : loads) {
        answered.putAll(load.finish());
        assertThat(load.refusals()).isZero();
      }
      Map<Long, String> stored = new HashMap<>();
      answered.forEach((id, sequence) -> stored.put(sequence, id));
      assertThat(stored).hasSameSizeAs(answered);
      for (LogNode node : nodes) {
        await().until(() -> node.followed().size() == stored.size());
        node.assertOrderly();
        Map<Long, String> followed = new HashMap<>();
        for (Followed each : node.followed()) {
          followed.put(each.sequence(), each.eventId());
        }
        assertThat(followed).isEqualTo(stored);
      }
    } finally {
      loads.forEach(Load::close);
      nodes.forEach(LogNode::close);
    }
  }

  /// Commits of several messages, only one of which can be next.
  @Test
  void commitsOfSeveralMessagesAreNeitherMixedNorLost() throws Exception {
    try (LogNode one = new LogNode(log().open());
        LogNode other = new LogNode(log().open());
        ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<?>> publishers = new ArrayList<>();
      for (LogNode node : List.of(one, other)) {
        String name = node == one ? "one" : "other";
        for (int p = 0; p < 2; p++) {
          String own = name + "-" + p;
          publishers.add(
              threads.submit(() -> {
                for (int i = 0; i < 10; i++) {
                  long[] sequences = Logs.append(node.log(), batch(own + "-" + i));
                  assertThat(sequences[2]).isEqualTo(sequences[0] + 2);
                }
              }));
        }
      }
      for (Future<?> publisher : publishers) {
        publisher.get(100, TimeUnit.SECONDS);
      }
      for (LogNode node : List.of(one, other)) {
        await().until(() -> node.followed().size() == 120);
        node.assertOrderly();
        assertThat(node.followed()).isEqualTo(one.followed());
      }
    }
  }

  private static List<EventRecord> batch(String name) {
    List<EventRecord> batch = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String id = name + "/" + i;
      batch.add(
          SampleEvent.any().id(id).text("padding", "x".repeat(MEGABYTE * 3 / 4)).record("acme"));
    }
    return batch;
  }
}
