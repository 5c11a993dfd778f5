package io.galerne.server.live;

import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.protocol.SseMessage;
import io.galerne.server.Publisher;
import io.galerne.server.QuietServer;
import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.RunningServer.HttpVersion;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Readers connect and disconnect while publishers publish at full speed.
@Timeout(120)
@ExtendWith(QuietServer.class)
class SeamUnderLoadTest {
  private static final int PUBLISHERS = 4;
  private static final int EVENTS_EACH = 2_500;
  private static final int EXECUTIONS = 20;
  private static final int READERS = 48;
  private static final List<EventType> TYPES = List.of(EventType.values());

  @TempDir Path folder;

  /// One reader's request, with the sequences and data hashes it received.
  private static final class Joined {
    private final int execution;
    private final List<EventType> types;
    private final List<Long> sequences = new ArrayList<>();
    private final List<Integer> hashes = new ArrayList<>();
    private long from;
    private StreamReader reader;

    private Joined(int execution, List<EventType> types) {
      this.execution = execution;
      this.types = types;
    }

    private void take(SseMessage message) {
      sequences.add(StreamReader.sequence(message));
      hashes.add(message.data().hashCode());
    }

    private boolean wants(SseMessage message) {
      return StreamReader.sequence(message) >= from
          && (execution < 0
              || message.data().contains("\"root_workflow_exec_id\":\"run-" + execution + "\""))
          && (types.isEmpty()
              || types.stream()
                  .anyMatch(type ->
                      message.data().contains("\"event_type\":\"" + type.wireName() + "\"")));
    }
  }

  private static String event(String id, Random random) {
    return SampleEvents.event(
        id, "run-" + random.nextInt(EXECUTIONS), TYPES.get(random.nextInt(TYPES.size())));
  }

  @ParameterizedTest
  @EnumSource
  void everyReaderSeesEveryMatchOnceAndInOrder(HttpVersion http) throws Exception {
    Random random = Seed.random("joining under load");
    Queue<Joined> readers = new ConcurrentLinkedQueue<>();
    AtomicInteger joined = new AtomicInteger();
    List<SseMessage> everything;
    try (RunningServer server = RunningServer.start(folder);
        StreamReader witness = server.stream(http, STREAM).open()) {
      List<String> published =
          publish(
              server,
              random,
              own -> {
                if (own.nextInt(5) == 0 && joined.getAndIncrement() < READERS) {
                  readers.add(join(server, http, own));
                }
              });
      everything = witness.await(published.size());
      assertThat(everything).hasSameSizeAs(published);
      for (Joined one : readers) {
        one.reader.await((int) everything.stream().filter(one::wants).count());
      }
      server.stop();
      for (Joined one : readers) {
        assertThat(one.reader.awaitEnd()).isEqualTo(End.ORDERLY);
        one.reader.close();
      }
      assertThat(witness.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(witness.messages()).hasSameSizeAs(published);
      assertThat(everything.stream().map(SeamUnderLoadTest::eventId).toList())
          .containsExactlyInAnyOrderElementsOf(published);
    }
    assertThat(everything.stream().map(StreamReader::sequence).toList())
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(readers).hasSizeGreaterThan(READERS / 2);
    for (Joined one : readers) {
      List<SseMessage> expected = everything.stream().filter(one::wants).toList();
      assertThat(one.sequences).isEqualTo(expected.stream().map(StreamReader::sequence).toList());
      assertThat(one.hashes)
          .isEqualTo(expected.stream().map(message -> message.data().hashCode()).toList());
    }
  }

  @Test
  void aReaderThatKeepsResumingSeesEveryEventOnce() throws Exception {
    Random random = Seed.random("cut and resumed");
    List<ResumingReader> readers = new ArrayList<>();
    try (RunningServer server = RunningServer.start(folder);
        StreamReader witness = server.stream(STREAM).open()) {
      for (int i = 0; i < 8; i++) {
        Random own = new Random(random.nextLong());
        String target = i % 2 == 0 ? STREAM : STREAM + "?workflow_exec_id=run-" + i;
        readers.add(
            ResumingReader.start(
                server::uri, target, () -> 1 + own.nextInt(target.equals(STREAM) ? 1_000 : 50)));
      }
      List<String> published = publish(server, random, _ -> {});
      List<SseMessage> everything = witness.await(published.size());
      for (int i = 0; i < readers.size(); i++) {
        Joined wanted = new Joined(i % 2 == 0 ? -1 : i, List.of());
        List<Seen> expected =
            everything.stream()
                .filter(wanted::wants)
                .map(message -> new Seen(StreamReader.sequence(message), eventId(message)))
                .toList();
        readers.get(i).awaitSequence(expected.getLast().sequence());
        readers.get(i).close();
        assertThat(readers.get(i).connections()).isGreaterThan(5);
        assertThat(readers.get(i).seen()).isEqualTo(expected);
      }
    }
  }

  /// Publishes from several threads, and returns all ids.
  private static List<String> publish(
      RunningServer server, Random random, Consumer<Random> afterBatch) throws Exception {
    List<String> published = new ArrayList<>();
    List<Future<List<String>>> publishing = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(PUBLISHERS)) {
      for (int i = 0; i < PUBLISHERS; i++) {
        Random own = new Random(random.nextLong());
        publishing.add(
            threads.submit(
                new Publisher(
                    server,
                    "p" + i,
                    EVENTS_EACH,
                    60,
                    own,
                    SeamUnderLoadTest::event,
                    () -> afterBatch.accept(own))));
      }
      for (Future<List<String>> one : publishing) {
        published.addAll(one.get());
      }
    }
    return published;
  }

  private static Joined join(RunningServer server, HttpVersion http, Random random) {
    int execution = random.nextInt(3) == 0 ? random.nextInt(EXECUTIONS) : -1;
    List<EventType> types =
        random.nextInt(3) == 0
            ? List.of(TYPES.get(random.nextInt(17)), TYPES.get(random.nextInt(17)))
            : List.of();
    Joined joined = new Joined(execution, types);
    int position = random.nextInt(PUBLISHERS * EVENTS_EACH);
    int start = random.nextInt(4);
    StringBuilder query = new StringBuilder("?start_seq=");
    query.append(
        switch (start) {
          case 0 -> 0;
          case 1 -> -1;
          default -> position; // sometimes beyond the head
        });
    if (execution >= 0) {
      query.append("&workflow_exec_id=run-").append(execution);
    }
    types.forEach(type -> query.append("&workflow_event_types=").append(type.wireName()));
    StreamReader.Request request = server.stream(http, STREAM + query).each(joined::take);
    if (start == 2) {
      request.header("Last-Event-ID", Integer.toString(position));
    }
    joined.reader = request.open();
    long head = Long.parseLong(joined.reader.header("Galerne-Head-Sequence"));
    joined.from =
        switch (start) {
          case 0 -> 0;
          case 1 -> head + 1;
          case 2 -> position + 1L;
          default -> position;
        };
    return joined;
  }

  private static String eventId(SseMessage message) {
    String name = "\"event_id\":\"";
    int from = message.data().indexOf(name) + name.length();
    return message.data().substring(from, message.data().indexOf('"', from));
  }
}
