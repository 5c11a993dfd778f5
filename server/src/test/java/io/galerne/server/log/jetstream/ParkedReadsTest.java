package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static io.galerne.server.log.Logs.readSome;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.Logs.Entry;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.nats.NatsServers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Reads that had ended for a while when their consumer went with the connection.
@Timeout(90)
class ParkedReadsTest {
  private static final int EVENTS = 6_400;
  private static final int EXECUTIONS = 32;

  /// Less than a read waits for a message that must come.
  private static final Duration SOON = Duration.ofSeconds(4);

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
      append(log, SampleEvent.any().record("acme")); // it is connected again

      long began = System.nanoTime();
      for (int i = 0; i < EXECUTIONS; i++) {
        assertRest(i, readAll(log, execution(i), next.get(i)));
      }
      assertThat(since(began)).isLessThan(SOON);
    }
  }
}
