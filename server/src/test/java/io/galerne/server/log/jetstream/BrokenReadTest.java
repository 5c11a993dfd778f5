package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static io.galerne.server.log.Logs.readSome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.Logs.Entry;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import io.nats.client.Connection;
import io.nats.client.api.ConsumerInfo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reads that were under way, or ended for a while, when their consumer went: with the connection, or
/// with the one server of several that kept it.
@Timeout(90)
class BrokenReadTest {
  private static final int EVENTS = 6_400;
  private static final int EXECUTIONS = 32;

  /// Less than a read waits for a message that must come.
  private static final Duration SOON = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @TempDir Path folder;

  private static JetStreamEventLog open(String url) {
    return JetStreamLogs.at(List.of(url)).recentBytes(0).open();
  }

  /// Appends events of several executions, taking turns.
  private static void fill(JetStreamEventLog log) {
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(SampleEvent.any().id("e" + i).exec("x" + i % EXECUTIONS).record("acme"));
    }
    append(log, events);
  }

  private static EventFilter execution(int number) {
    return EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "x" + number).build();
  }

  private static List<String> idsOf(int execution) {
    return IntStream.range(0, EVENTS)
        .filter(i -> i % EXECUTIONS == execution)
        .mapToObj(i -> "e" + i)
        .toList();
  }

  /// Reads an execution's first event, and tells where to go on.
  private static long begin(JetStreamEventLog log, int execution) {
    return readSome(log, execution(execution), 1, 1).getLast().sequence() + 1;
  }

  private static void assertRest(int execution, List<Entry> rest) {
    List<String> all = idsOf(execution);
    assertThat(eventIds(rest)).isEqualTo(all.subList(1, all.size()));
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }

  @Test
  void allThatAreParkedGoOnAtOnceOnceTheConnectionIsBack() {
    try (NatsServers nats = NatsServers.single(folder);
        JetStreamEventLog log = open(nats.url(0))) {
      fill(log);
      List<Long> next = IntStream.range(0, EXECUTIONS).mapToObj(i -> begin(log, i)).toList();
      nats.kill(0);
      nats.start(0);
      await().until(() -> log.health().ready());
      append(log, SampleEvent.any().record("acme")); // it is connected again

      for (int i = 0; i < EXECUTIONS; i++) {
        long began = System.nanoTime();
        assertRest(i, readAll(log, execution(i), next.get(i)));
        assertThat(since(began)).isLessThan(SOON);
      }
    }
  }

  @Test
  void oneThatIsUnderWayEndsAtOnceAndIsNotTakenForThrough() {
    try (NatsServers nats = NatsServers.single(folder);
        JetStreamEventLog log = open(nats.url(0))) {
      fill(log);
      EventFilter all = EventFilter.in("acme").build();
      List<Long> lost = new ArrayList<>();
      assertThatThrownBy(() ->
              log.read(
                  all,
                  1,
                  (sequence, event) -> {
                    if (lost.isEmpty()) {
                      nats.kill(0);
                      nats.start(0);
                      lost.add(System.nanoTime());
                    }
                    return Verdict.TAKEN;
                  }))
          .isInstanceOf(LogUnreachableException.class);
      assertThat(since(lost.getFirst())).isLessThan(SOON);
      append(log, SampleEvent.any().record("acme"));
      assertThat(readAll(log, all, 1)).hasSize(EVENTS + 1);
    }
  }

  @Test
  void ofThoseWhoseServerIsGoneOneIsFoundSoAndAllBeginAnew() throws Exception {
    try (NatsServers nats = NatsServers.newerCluster(folder);
        Connection client = nats.client(0);
        JetStreamEventLog log = open(nats.url(0))) {
      fill(log);
      int victim = nats.leaderOf("GALERNE") == 1 ? 2 : 1;
      List<Long> next = new ArrayList<>();
      while (next.size() < EXECUTIONS && keptBy(victim, client) < 2) {
        next.add(begin(log, next.size()));
      }
      assertThat(keptBy(victim, client)).isEqualTo(2);
      nats.kill(victim);

      Set<String> failures = new TreeSet<>();
      for (int i = 0; i < next.size(); i++) {
        int execution = i;
        await()
            .pollInSameThread()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> assertRest(execution, rest(log, execution, next.get(execution), failures)));
      }
      assertThat(failures)
          .contains("The consumer of a read on NATS is gone")
          .noneMatch(it -> it.contains("does not deliver"));
    }
  }

  private static List<Entry> rest(
      JetStreamEventLog log, int execution, long from, Set<String> failures) {
    try {
      return readAll(log, execution(execution), from);
    } catch (LogUnreachableException e) {
      failures.add(e.reason());
      return List.of();
    }
  }

  /// How many consumers a server keeps.
  private static long keptBy(int node, Connection client) throws Exception {
    List<ConsumerInfo> consumers = client.jetStreamManagement().getConsumers("GALERNE");
    return consumers.stream()
        .filter(each -> each.getClusterInfo().getLeader().equals("n" + node))
        .count();
  }
}
