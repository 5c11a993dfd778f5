package io.galerne.jetstream.nats;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static io.galerne.server.RunningServer.STREAM_EVENT;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.jetstream.JetStreamLogs;
import io.galerne.protocol.EventType;
import io.galerne.protocol.SseMessage;
import io.galerne.server.Publisher;
import io.galerne.server.QuietServer;
import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.ServerConfig;
import io.galerne.server.StreamReader;
import io.galerne.server.StreamReader.End;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.KeyFile.Created;
import io.galerne.server.access.Right;
import io.galerne.server.docs.Documents;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// Two servers on one log: both deliver what either accepts, and clients may use either.
@Timeout(120)
@ExtendWith(QuietServer.class)
class SharedLogTest {
  private static final String HEAD = "Galerne-Head-Sequence";
  private static final String LOG_ID = "Galerne-Log-Id";
  private static final Pattern EVENT_ID = Pattern.compile("\"event_id\":\"([^\"]+)\"");
  private static final Pattern CURSOR = Pattern.compile("\"next_cursor\":\"([^\"]+)\"}$");

  private static NatsServers nats;
  private static int logs;

  @TempDir Path folder;

  private final String stream = "LOG" + ++logs;
  private RunningServer one;
  private RunningServer other;

  @BeforeAll
  static void startNats(@TempDir Path folder) {
    nats = NatsServers.single(folder);
  }

  @AfterAll
  static void stopNats() {
    nats.close();
  }

  @BeforeEach
  void start() {
    one = start(config());
    other = start(config());
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
  }

  private RunningServer start(ServerConfig.Builder config) {
    JetStreamLogs log = JetStreamLogs.at(nats.urls(), folder).stream(stream).replicas(1);
    return RunningServer.start(config, log.clock(Clock.systemUTC()).open());
  }

  private ServerConfig.Builder config() {
    return RunningServer.config();
  }

  private static long publish(RunningServer server, String event, String... headers) {
    HttpResponse<String> answer =
        server.post(STREAM_EVENT, SampleEvents.streamEvent(event), headers);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    return Long.parseLong(answer.body().replaceAll("\\D", ""));
  }

  private static List<String> events(String name, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> SampleEvents.event(name + "-" + i, "run-" + i % 5))
        .toList();
  }

  private static List<String> ids(String text) {
    return EVENT_ID.matcher(text).results().map(found -> found.group(1)).toList();
  }

  private static String execution(String id) {
    return "/v1/workflows/executions/" + id + "/stream";
  }

  @Test
  void eventsOfOneAreStreamedAndListedByTheOther() {
    String started = SampleEvents.event("started", "run-1", EventType.WORKFLOW_EXECUTION_STARTED);
    String completed =
        SampleEvents.event("completed", "run-1", EventType.WORKFLOW_EXECUTION_COMPLETED);
    try (StreamReader there = other.stream(STREAM).open();
        StreamReader run = other.stream(execution("run-1")).open()) {
      assertThat(one.post(SINGLE, SampleEvents.single(started)).statusCode()).isEqualTo(200);
      one.publish(events("batch", 2));
      long last = publish(one, completed);

      assertThat(there.await(4)).extracting(SseMessage::id).last().isEqualTo("" + last);
      assertThat(run.awaitEnd()).isEqualTo(End.ORDERLY);
      assertThat(run.messages())
          .extracting(message -> ids(message.data()).getFirst())
          .containsExactly("started", "batch-1", "completed");
      try (StreamReader here = one.stream(STREAM).open()) {
        assertThat(here.await(4)).isEqualTo(there.messages());
        assertThat(here.header(LOG_ID)).isNotEmpty().isEqualTo(there.header(LOG_ID));
      }
    }
    assertThat(ids(one.get(LIST).body()))
        .containsExactly("started", "batch-0", "batch-1", "completed");
    assertThat(other.get(LIST).body()).isEqualTo(one.get(LIST).body());
  }

  @Test
  void aReaderNeverGetsAHeadBelowItsLastEvent() throws Exception {
    ConcurrentLinkedQueue<String> low = new ConcurrentLinkedQueue<>();
    try (StreamReader here =
        one.stream(STREAM).each(message -> resume(message.id()).ifPresent(low::add)).open()) {
      for (int round = 0; round < 10; round++) {
        one.publish(events("round-" + round, 20));
      }
      here.await(200);
    }
    assertThat(low).isEmpty();
  }

  /// Resumes on the other server.
  ///
  /// @return its head if that was below the last seen event
  private Optional<String> resume(String seen) {
    try (StreamReader there = other.stream(STREAM).header("Last-Event-ID", seen).open()) {
      String head = there.header(HEAD);
      return Long.parseLong(head) < Long.parseLong(seen)
          ? Optional.of("a head of " + head + " to who had seen " + seen)
          : Optional.empty();
    }
  }

  @Test
  void readersThatSwitchServersSeeEveryEventOnceAndInOrder() throws Exception {
    Random random = Seed.random("hopping readers");
    List<String> targets =
        List.of(
            STREAM,
            STREAM + "?workflow_exec_id=run-1",
            STREAM + "?workflow_event_types=CUSTOM_TASK_IN_PROGRESS&root_workflow_exec_id=run-2");
    List<ResumingReader> readers = new ArrayList<>();
    try (ExecutorService publishers = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 50; i++) {
        Random own = new Random(random.nextLong());
        String target = targets.get(i % targets.size());
        readers.add(ResumingReader.start(() -> anyOf(own), target, () -> 1 + own.nextInt(200)));
      }
      Future<List<String>> ofOne = publishers.submit(publisher(one, "one", random.nextLong()));
      Future<List<String>> ofOther =
          publishers.submit(publisher(other, "other", random.nextLong()));
      Set<String> published = new HashSet<>(ofOne.get(60, SECONDS));
      published.addAll(ofOther.get(60, SECONDS));

      List<List<Seen>> stored = new ArrayList<>();
      for (String target : targets) {
        one.publish(SampleEvents.event("last of " + target, "run-1"));
        long last = publish(other, SampleEvents.event("very last of " + target, "run-2"));
        stored.add(stored(target, target.contains("run-1") ? last - 1 : last));
      }
      for (int i = 0; i < readers.size(); i++) {
        List<Seen> expected = stored.get(i % targets.size());
        readers.get(i).awaitSequence(expected.getLast().sequence());
        assertThat(readers.get(i).seen().subList(0, expected.size())).isEqualTo(expected);
        assertThat(readers.get(i).connections()).isGreaterThan(2);
      }
      assertThat(stored.getFirst().stream().map(Seen::eventId).toList())
          .doesNotHaveDuplicates()
          .containsAll(published);
    } finally {
      for (ResumingReader reader : readers) {
        reader.close();
      }
    }
  }

  private URI anyOf(Random random) {
    return random.nextBoolean() ? one.uri() : other.uri();
  }

  private static Callable<List<String>> publisher(RunningServer server, String name, long seed) {
    return new Publisher(
        server,
        name,
        1500,
        40,
        new Random(seed),
        (id, random) -> SampleEvents.event(id, "run-" + random.nextInt(5)),
        () -> {});
  }

  /// Reads the stored events from the beginning up to that sequence.
  private List<Seen> stored(String target, long last) throws InterruptedException {
    try (ResumingReader fresh = ResumingReader.start(one::uri, target)) {
      fresh.awaitSequence(last);
      return fresh.seen();
    }
  }

  @Test
  void simultaneousRepeatsOnBothAreStoredOnce() throws Exception {
    Map<String, Set<Long>> answered = new HashMap<>();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int round = 0; round < 25; round++) {
        String single = "single-" + round;
        List<String> batch = events("batch-" + round, 10);
        List<Callable<Long>> attempts = new ArrayList<>();
        for (RunningServer server : List.of(one, other, one, other)) {
          attempts.add(() -> publish(server, SampleEvents.event(single, "run-1")));
          attempts.add(() -> {
            server.publish(batch);
            return 0L;
          });
        }
        Set<Long> sequences = answered.computeIfAbsent(single, id -> new HashSet<>());
        for (Future<Long> answer : clients.invokeAll(attempts, 30, SECONDS)) {
          sequences.add(answer.get());
        }
        sequences.remove(0L);
      }
    }
    assertThat(answered.values()).allSatisfy(sequences -> assertThat(sequences).hasSize(1));
    for (RunningServer server : List.of(one, other)) {
      assertThat(ids(server.get(LIST + "?limit=1000").body()))
          .hasSize(25 * 11)
          .doesNotHaveDuplicates();
    }
  }

  @Test
  void aListContinuesOnTheOtherWhileEventsAreAppended() {
    one.publish(events("before", 100));
    List<String> listed = new ArrayList<>();
    Optional<String> cursor = Optional.of("");
    for (int page = 0; cursor.isPresent(); page++) {
      RunningServer server = page % 2 == 0 ? one : other;
      String body = server.get(LIST + "?limit=7" + cursor.get()).body();
      listed.addAll(ids(body));
      if (page < 5) {
        server.publish(events("meanwhile-" + page, 3));
      }
      Matcher next = CURSOR.matcher(body);
      cursor = next.find() ? Optional.of("&cursor=" + next.group(1)) : Optional.empty();
    }
    assertThat(listed).hasSizeGreaterThanOrEqualTo(112).doesNotHaveDuplicates();
    assertThat(ids(one.get(LIST + "?limit=1000").body())).startsWith(listed.toArray(new String[0]));
  }

  @Test
  void namespacesAreSeparateOnBoth() {
    KeyFile keys = new KeyFile(folder.resolve("keys.json"));
    Set<Right> both = Set.of(Right.READ, Right.PUBLISH);
    String[] acme = with(keys.add("acme", both));
    String[] umbrella = with(keys.add("umbrella", both));
    Optional<Path> file = Optional.of(folder.resolve("keys.json"));
    try (RunningServer here = start(config().keys(file));
        RunningServer there = start(config().keys(file))) {
      String same = SampleEvents.event("same", "run-1");
      long first = publish(here, same, acme);
      long second = publish(there, same, umbrella);
      assertThat(second).isGreaterThan(first);
      assertThat(publish(there, same, acme)).isEqualTo(first);
      assertThat(publish(here, same, umbrella)).isEqualTo(second);
      publish(here, SampleEvents.event("acme's", "run-1"), acme);
      publish(there, SampleEvents.event("umbrella's", "run-1"), umbrella);

      for (RunningServer server : List.of(here, there)) {
        try (StreamReader acmes = server.stream(STREAM).header(acme[0], acme[1]).open();
            StreamReader run =
                server.stream(execution("run-1")).header(umbrella[0], umbrella[1]).open()) {
          assertThat(acmes.await(2)).hasSize(2).noneMatch(it -> it.data().contains("umbrella"));
          assertThat(run.await(2)).hasSize(2).noneMatch(it -> it.data().contains("acme"));
        }
      }
      Matcher cursor = CURSOR.matcher(here.get(LIST + "?limit=1", acme).body());
      assertThat(cursor.find()).isTrue();
      String rest = LIST + "?limit=1&cursor=" + cursor.group(1);
      assertThat(ids(there.get(rest, acme).body())).containsExactly("acme's");
      assertThat(there.get(rest, umbrella).statusCode()).isEqualTo(422);
    }
  }

  private static String[] with(Created key) {
    return new String[] {"Authorization", "Bearer " + key.secret()};
  }

  @Test
  void aBatchOfTenThousandIsCompleteAndInOrderOnBoth() {
    List<String> batch = events("big", 10_000);
    List<String> expected = IntStream.range(0, 10_000).mapToObj(i -> "big-" + i).toList();
    try (StreamReader live = other.stream(STREAM).open()) {
      one.publish(batch);
      other.publish(batch); // a repeat
      for (RunningServer server : List.of(one, other)) {
        try (StreamReader stored = server.stream(STREAM).open()) {
          assertThat(stored.await(10_000)).hasSize(10_000).isEqualTo(live.await(10_000));
        }
      }
      assertThat(live.messages())
          .extracting(message -> ids(message.data()).getFirst())
          .isEqualTo(expected);
    }
  }

  @Test
  void anEventOfAMegabyteArrivesUnchangedAndInOrder() {
    int bytes = ServerConfig.DEFAULT_MAX_EVENT_BYTES - 1000;
    try (StreamReader live = other.stream(STREAM).open()) {
      publish(one, SampleEvents.event("before", "run-1"));
      publish(one, SampleEvents.large("large", "run-1", bytes));
      publish(other, SampleEvents.event("after", "run-1"));

      assertThat(live.await(3))
          .extracting(message -> ids(message.data()).getFirst())
          .containsExactly("before", "large", "after");
      assertThat(live.messages().get(1).data()).contains("\"" + "x".repeat(bytes) + "\"");
      try (StreamReader stored = one.stream(STREAM).open()) {
        assertThat(stored.await(3)).isEqualTo(live.messages());
      }
    }
    assertThat(other.get(LIST).body()).contains("x".repeat(bytes)).isEqualTo(one.get(LIST).body());
  }

  @Test
  void theLogIsTheSameWhileServersComeAndGo() {
    one.publish(events("before", 50));
    String id;
    try (RunningServer third = start(config());
        StreamReader reader = third.stream(STREAM).open()) {
      one.stop();
      id = reader.header(LOG_ID);
      third.publish(events("between", 50));
      assertThat(reader.await(100)).hasSize(100);
    }
    try (RunningServer fourth = start(config());
        StreamReader stored = fourth.stream(STREAM).open();
        StreamReader there = other.stream(STREAM).open()) {
      assertThat(fourth.get(LIST).body()).isEqualTo(other.get(LIST).body());
      assertThat(stored.header(LOG_ID)).isEqualTo(id).isEqualTo(there.header(LOG_ID));
      fourth.publish(events("before", 50)); // repeats of events from before it started
      long last = publish(fourth, SampleEvents.event("after", "run-1"));
      assertThat(last).isGreaterThan(100);
      assertThat(stored.await(101)).isEqualTo(there.await(101)).hasSize(101);
    }
  }

  @Test
  void metricsShowThePositionOfEachNode() {
    one.publish(events("some", 5));
    List<String> documented =
        Documents.table(Documents.text("docs/operations.md"), "On a cluster, also:").stream()
            .map(row -> row.get(0).replace("`", "") + " " + row.get(1))
            .toList();
    for (RunningServer server : List.of(one, other)) {
      String metrics = server.get("/metrics").body();
      assertThat(metrics)
          .containsPattern("galerne_info\\{engine=\"jetstream\",version=\"[^\"]+\"} 1");
      assertThat(Documents.all("^# TYPE (galerne_stream_\\S+ \\S+)$", metrics))
          .containsExactlyInAnyOrderElementsOf(documented);
      await().until(() -> server.metric("galerne_log_head") == 5);
      await()
          .until(() ->
              server.metric("galerne_stream_applied") == server.metric("galerne_stream_head"));
      assertThat(server.metric("galerne_stream_applied")).isPositive();
    }
  }
}
