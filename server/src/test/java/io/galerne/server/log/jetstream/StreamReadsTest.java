package io.galerne.server.log.jetstream;

import static io.galerne.server.log.Logs.append;
import static io.galerne.server.log.Logs.eventIds;
import static io.galerne.server.log.Logs.readAll;
import static io.galerne.server.log.Logs.readSome;
import static io.galerne.server.log.Logs.sequences;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogUnreachableException;
import io.galerne.server.log.Logs.Entry;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.jetstream.SegmentIndex.Plan;
import io.galerne.server.nats.NatsServers;
import io.nats.client.PurgeOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads from the stream, of what is little in it and of what is much.
@Timeout(60)
class StreamReadsTest extends OneServerTest {
  private static final EventFilter RARE =
      EventFilter.in("acme").where(Field.WORKFLOW_EXEC_ID, "rare").build();

  @BeforeAll
  static void startNats(@TempDir Path folder) throws Exception {
    use(NatsServers.newerSingle(folder));
  }

  /// Appends events of others, with one of ours in each `every` of them.
  ///
  /// @return the ids of ours
  private static List<String> appendScattered(JetStreamEventLog log, int events, int every) {
    List<String> ours = new ArrayList<>();
    List<EventRecord> batch = new ArrayList<>();
    long first = log.range().head();
    for (int i = 0; i < events; i++) {
      boolean isOurs = i % every == every / 2;
      String id = "event-" + (first + i);
      if (isOurs) {
        ours.add(id);
      }
      batch.add(SampleEvent.any().id(id).exec(isOurs ? "rare" : "other").record("acme"));
    }
    append(log, batch);
    return ours;
  }

  @Test
  void fewAndManyAreReadInTheirOrder() {
    try (JetStreamEventLog log = openWithoutMemory()) {
      List<String> ours = new ArrayList<>(appendScattered(log, 2 * Segment.SEQUENCES, 1_000));
      ours.addAll(appendScattered(log, Segment.SEQUENCES, 2));
      ours.addAll(appendScattered(log, 2 * Segment.SEQUENCES, 800));

      List<Entry> all = readAll(log, RARE, 1);
      assertThat(eventIds(all)).isEqualTo(ours);
      assertThat(sequences(all)).isSorted();
      for (int at : new int[] {1, 4, 8, 9, 1_000, ours.size() - 2}) {
        long from = all.get(at).sequence();
        assertThat(eventIds(readAll(log, RARE, from))).isEqualTo(ours.subList(at, ours.size()));
        assertThat(eventIds(readAll(log, RARE, from + 1)))
            .isEqualTo(ours.subList(at + 1, ours.size()));
        assertThat(eventIds(readSome(log, RARE, from, 3)))
            .isEqualTo(ours.subList(at, Math.min(at + 3, ours.size())));
      }
    }
  }

  /// How many of our events there are in one segment: so few that each is asked for, or more.
  @ParameterizedTest
  @ValueSource(ints = {10, 2 * Tally.FEW})
  void anEventInSeveralMessagesIsReadAsOne(int ours) {
    try (JetStreamEventLog log = openWithoutMemory()) {
      EventRecord large =
          SampleEvent.any().exec("rare").text("padding", "x".repeat(2_500_000)).record("acme");
      appendScattered(log, 4 * ours, 4);
      long begin = append(log, large)[0];
      List<Entry> read = readAll(log, RARE, 1);
      assertThat(read).hasSize(ours + 1);
      assertThat(read.getLast().sequence()).isEqualTo(begin).isEqualTo(log.range().head());
      assertThat(read.getLast().event().length()).isEqualTo(large.length());

      long next = append(log, SampleEvent.any().exec("rare").record("acme"))[0];
      assertThat(next).isGreaterThan(begin + 1);
      assertThat(sequences(readAll(log, RARE, begin))).containsExactly(begin, next);
      assertThat(sequences(readAll(log, RARE, begin + 1))).containsExactly(next);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 2 * Tally.FEW})
  void whatAnOperatorHasDeletedIsPassed(int ours) throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      List<String> left = appendScattered(log, 4 * ours, 4);
      long third = readAll(log, RARE, 1).get(2).sequence();
      client.jetStreamManagement().deleteMessage(name, third);
      left.remove(2);
      assertThat(eventIds(readAll(log, RARE, 1))).isEqualTo(left);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 2 * Tally.FEW})
  void whatIsNoLongerInTheStreamHasExpired(int ours) throws Exception {
    try (JetStreamEventLog log = openWithoutMemory()) {
      appendScattered(log, 2 * Segment.SEQUENCES, Segment.SEQUENCES / ours);
      List<Entry> all = readAll(log, RARE, 1);
      PurgeOptions first = PurgeOptions.builder().sequence(Segment.first(1)).build();
      client.jetStreamManagement().purgeStream(name, first);

      assertThatThrownBy(() -> readAll(log, RARE, 1))
          .isInstanceOfSatisfying(
              ExpiredException.class, e -> assertThat(e.oldest()).isEqualTo(Segment.first(1)));
      assertThat(sequences(readAll(log, RARE, Segment.first(1))))
          .isNotEmpty()
          .isEqualTo(sequences(all).stream().filter(it -> it >= Segment.first(1)).toList());
    }
  }

  @Test
  void whatAServerDoesNotHaveYetIsNoEnd() {
    try (JetStreamEventLog log = openWithoutMemory();
        Cluster cluster = Cluster.connect(NatsAccess.to(nats.urls()))) {
      long sequence = append(log, SampleEvent.any().record("acme"))[0];
      LogStream stream = new LogStream(cluster, name, new StreamIdentity(log.id(), 0), false);
      long[] sequences = {sequence, sequence + 7};
      Plan plan =
          new Plan(
              new Selector(new long[] {1}, List.of(">")),
              sequence + 7,
              new long[] {0},
              new int[] {2},
              sequences);
      SparseRead read = new SparseRead(stream, sequences);
      assertThat(requireNonNull(read.peek(plan)).sequence()).isEqualTo(sequence);
      read.pass();
      assertThatThrownBy(() -> read.peek(plan))
          .isInstanceOf(LogUnreachableException.class)
          .hasMessageContaining("at sequence " + (sequence + 7));
    }
  }
}
