package io.galerne.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.ResumingReader;
import io.galerne.server.ResumingReader.Seen;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// Publishers and readers of a log whose servers are killed. Used by one thread.
final class Crowd implements AutoCloseable {
  /// The requests of the readers, in turn.
  static final List<String> TARGETS =
      List.of(
          RunningServer.STREAM,
          RunningServer.STREAM + "?workflow_exec_id=run-1",
          RunningServer.STREAM + "?scope=activity&root_workflow_exec_id=run-2");

  private static final int MOST_ANSWERS_BETWEEN = 400;

  private final Ledger ledger = new Ledger();
  private final List<RetryingPublisher> publishers = new ArrayList<>();
  private final List<ResumingReader> readers = new ArrayList<>();

  /// @param server returns the server to connect to
  void addPublisher(Supplier<URI> server, Random random) {
    publishers.add(RetryingPublisher.start("p" + publishers.size(), server, ledger, random));
  }

  /// @param server returns the server to connect to
  /// @param eventsUntilCut returns, for each connection, the number of events before a cut
  void addReader(Supplier<URI> server, IntSupplier eventsUntilCut) {
    String target = TARGETS.get(readers.size() % TARGETS.size());
    readers.add(ResumingReader.start(server, target, eventsUntilCut));
  }

  /// Returns at a random moment, most often during a publication.
  void awaitAnyMoment(Random random) throws InterruptedException {
    awaitMoreAnswers(random.nextInt(MOST_ANSWERS_BETWEEN));
    LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(5)));
  }

  void awaitMoreAnswers(int count) throws InterruptedException {
    ledger.awaitAnswers(ledger.answers() + count);
  }

  /// Returns the highest sequence that any client has received.
  long highest() {
    for (int i = 0; i < readers.size(); i++) {
      for (Seen seen : readers.get(i).seen()) {
        ledger.received("reader " + i, seen.eventId(), seen.sequence());
      }
    }
    return ledger.highest();
  }

  /// Publishes one event to a running server and returns its sequence.
  long publishMarker(URI server, String id, String execution) throws Exception {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      String body = SampleEvents.streamEvent(SampleEvents.event(id, execution));
      HttpRequest request =
          HttpRequest.newBuilder(server.resolve(RunningServer.STREAM_EVENT))
              .POST(BodyPublishers.ofString(body))
              .build();
      String answer = client.send(request, BodyHandlers.ofString()).body();
      long sequence = Long.parseLong(answer.replaceAll("\\D", ""));
      ledger.received("the test", id, sequence);
      ledger.answered(id);
      return sequence;
    }
  }

  /// Ends the publishers, then checks that every answered event is stored once, and that every
  /// reader has seen exactly the events that every server has stored.
  ///
  /// @param servers all servers, all running
  /// @param fewestConnections how often every reader must have connected
  /// @return how many events were answered
  int check(List<URI> servers, int fewestConnections) throws Exception {
    for (RetryingPublisher publisher : publishers) {
      publisher.close();
    }
    long last1 = publishMarker(servers.getFirst(), "last-1", "run-1");
    long last2 = publishMarker(servers.getLast(), "last-2", "run-2");
    for (int target = 0; target < TARGETS.size(); target++) {
      long last = target == 1 ? last1 : last2;
      List<Seen> stored = stored(servers.getFirst(), target, last);
      for (URI other : servers.subList(1, servers.size())) {
        assertThat(stored(other, target, last)).isEqualTo(stored);
      }
      if (target == 0) {
        checkStored(stored);
      }
      for (int i = target; i < readers.size(); i += TARGETS.size()) {
        ResumingReader reader = readers.get(i);
        reader.awaitSequence(last);
        assertThat(reader.connections()).isGreaterThanOrEqualTo(fewestConnections);
        assertThat(reader.seen()).as(TARGETS.get(target)).isEqualTo(stored);
      }
    }
    assertThat(highest()).isEqualTo(Math.max(last1, last2));
    assertThat(ledger.faults()).isEmpty();
    return ledger.answers();
  }

  private void checkStored(List<Seen> stored) {
    assertThat(stored.stream().map(Seen::sequence).toList()).isSorted().doesNotHaveDuplicates();
    Set<String> ids = new HashSet<>();
    for (Seen one : stored) {
      assertThat(ids.add(one.eventId())).as("%s is stored once", one).isTrue();
      ledger.received("the log", one.eventId(), one.sequence());
    }
    List<String> lost = new ArrayList<>(ledger.allAnswered());
    lost.removeAll(ids);
    assertThat(lost).isEmpty();
  }

  /// Reads a server's stored events from the beginning up to that sequence.
  private static List<Seen> stored(URI server, int target, long last) throws InterruptedException {
    try (ResumingReader fresh = ResumingReader.start(() -> server, TARGETS.get(target))) {
      fresh.awaitSequence(last);
      return fresh.seen();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (RetryingPublisher publisher : publishers) {
      publisher.abandon();
    }
    for (ResumingReader reader : readers) {
      reader.close();
    }
  }
}
