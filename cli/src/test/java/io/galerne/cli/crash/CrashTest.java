package io.galerne.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` at any moment, under load: `-Dgalerne.crashes` says how often.
@Timeout(1800)
class CrashTest {
  private static final int CRASHES = Integer.getInteger("galerne.crashes", 8);
  private static final int PUBLISHERS = 4;
  private static final int MOST_ANSWERS_BETWEEN = 400;
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1");

  @TempDir Path folder;

  private final Ledger ledger = new Ledger();
  private final AtomicReference<URI> address = new AtomicReference<>(NOWHERE);
  private final List<RetryingPublisher> publishers = new ArrayList<>();
  private final List<ResumingReader> readers = new ArrayList<>();
  private final List<String> targets =
      List.of(
          RunningServer.STREAM,
          RunningServer.STREAM + "?workflow_exec_id=run-1",
          RunningServer.STREAM + "?scope=activity&root_workflow_exec_id=run-2");

  @Test
  void noAnsweredEventIsLostNoneIsThereTwiceAndNoSequenceIsGivenAgain() throws Exception {
    Random random = Seed.random("crashes");
    ServerProcess server = start();
    address.set(server.awaitListening().orElseThrow());
    for (int i = 0; i < PUBLISHERS; i++) {
      Random own = new Random(random.nextLong());
      publishers.add(RetryingPublisher.start("p" + i, address::get, ledger, own));
    }
    for (String target : targets) {
      readers.add(ResumingReader.start(address::get, target));
    }
    for (int crash = 0; crash < CRASHES; crash++) {
      ledger.awaitAnswers(ledger.answers() + random.nextInt(MOST_ANSWERS_BETWEEN));
      LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(5)));
      server.kill();
      if (random.nextInt(4) == 0) {
        killWhileItStarts(random);
      }
      noteWhatReadersSaw();
      long highest = ledger.highest();
      server = start();
      address.set(server.awaitListening().orElseThrow());
      assertThat(publishMarker("marker-" + crash, "run-1")).isGreaterThan(highest);
    }
    for (RetryingPublisher publisher : publishers) {
      publisher.close();
    }
    checkEverything(server);
  }

  private ServerProcess start() {
    return ServerProcess.start(
        folder.resolve("log.txt"), "--data", folder.resolve("data").toString());
  }

  private void killWhileItStarts(Random random) throws InterruptedException {
    ServerProcess second = start();
    LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(1_500)));
    second.kill();
  }

  private void noteWhatReadersSaw() {
    for (int i = 0; i < readers.size(); i++) {
      for (Seen seen : readers.get(i).seen()) {
        ledger.told("reader " + i, seen.eventId(), seen.sequence());
      }
    }
  }

  /// Publishes one event and returns its sequence.
  private long publishMarker(String id, String execution) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(address.get().resolve(RunningServer.STREAM_EVENT))
              .POST(
                  BodyPublishers.ofString(
                      SampleEvents.streamEvent(SampleEvents.event(id, execution))))
              .build();
      String answer = client.send(request, BodyHandlers.ofString()).body();
      long sequence = Long.parseLong(answer.replaceAll("\\D", ""));
      ledger.told("the test", id, sequence);
      ledger.answered(id);
      return sequence;
    }
  }

  private void checkEverything(ServerProcess server) throws Exception {
    long last1 = publishMarker("last-1", "run-1");
    long last2 = publishMarker("last-2", "run-2");
    List<Long> lasts = List.of(last2, last1, last2);
    for (int i = 0; i < readers.size(); i++) {
      List<Seen> stored = stored(targets.get(i), lasts.get(i));
      if (i == 0) {
        checkStored(stored);
      }
      readers.get(i).awaitSequence(lasts.get(i));
      readers.get(i).close();
      assertThat(readers.get(i).connections()).isGreaterThanOrEqualTo(CRASHES);
      assertThat(readers.get(i).seen()).as(targets.get(i)).isEqualTo(stored);
    }
    noteWhatReadersSaw();
    assertThat(ledger.faults()).isEmpty();
    assertThat(server.stop()).isZero();
    assertThat(server.logged()).doesNotContain(" ERROR ");
    System.out.println(CRASHES + " crashes, " + ledger.answers() + " answered events");
  }

  private void checkStored(List<Seen> stored) {
    assertThat(stored.stream().map(Seen::sequence).toList()).isSorted().doesNotHaveDuplicates();
    Set<String> ids = new HashSet<>();
    for (Seen one : stored) {
      assertThat(ids.add(one.eventId())).as("%s is stored once", one).isTrue();
      ledger.told("the log", one.eventId(), one.sequence());
    }
    assertThat(ids).containsAll(ledger.allAnswered());
  }

  /// Reads from the beginning what is stored up to that sequence.
  private List<Seen> stored(String target, long last) throws InterruptedException {
    try (ResumingReader fresh = ResumingReader.start(address::get, target)) {
      fresh.awaitSequence(last);
      return fresh.seen();
    }
  }
}
