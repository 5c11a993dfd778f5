package io.galerne.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.print.Fixture;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.node.ObjectNode;

@Timeout(60)
class LedgerTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration FOR_LONG = Duration.ofMinutes(10);

  private final Ledger ledger = new Ledger();

  @Test
  void agreesIfEveryEventWasSeenOnceAndInOrder() throws Exception {
    ObjectNode start = event("a", "WORKFLOW_EXECUTION_STARTED");
    ObjectNode end = event("b", "WORKFLOW_EXECUTION_FAILED");
    ledger.publishing(List.of(start, end));
    ledger.seen(Fixture.streamEvent(4, start));
    ledger.seen(Fixture.streamEvent(9, end));

    Ledger.Balance balance = ledger.settle(FOR_LONG);

    assertThat(balance.agrees()).isTrue();
    assertThat(balance.seen()).isEqualTo(new Tally(2, 1, 0, 1, 0)).isEqualTo(balance.published());
    assertThat(balance.seen().running()).isZero();
    assertThat(balance.firstSequence()).isEqualTo(4);
    assertThat(balance.lastSequence()).isEqualTo(9);
  }

  @Test
  void waitsForEventsOnTheirWay() throws Exception {
    ObjectNode event = event("a", "WORKFLOW_EXECUTION_STARTED");
    ledger.publishing(List.of(event));
    Thread late = Thread.ofVirtual().start(() -> ledger.seen(Fixture.streamEvent(1, event)));

    assertThat(ledger.settle(FOR_LONG).agrees()).isTrue();
    late.join();
  }

  @Test
  void detectsAPublishedEventThatWasNotSeen() throws Exception {
    ledger.publishing(List.of(event("a", "WORKFLOW_EXECUTION_STARTED")));

    assertThat(ledger.settle(AT_ONCE).faults())
        .containsExactly("1 events were published and never seen");
  }

  @Test
  void detectsADuplicate() throws Exception {
    ObjectNode event = event("a", "WORKFLOW_EXECUTION_STARTED");
    ledger.publishing(List.of(event));
    ledger.seen(Fixture.streamEvent(1, event));
    ledger.seen(Fixture.streamEvent(2, event));

    assertThat(ledger.settle(AT_ONCE).faults())
        .first()
        .isEqualTo("event a came twice, or was never published");
  }

  @Test
  void detectsASequenceThatDoesNotAscend() throws Exception {
    ObjectNode one = event("a", "WORKFLOW_EXECUTION_STARTED");
    ObjectNode other = event("b", "WORKFLOW_EXECUTION_COMPLETED");
    ledger.publishing(List.of(one, other));
    ledger.seen(Fixture.streamEvent(2, one));
    ledger.seen(Fixture.streamEvent(2, other));

    assertThat(ledger.settle(AT_ONCE).faults()).containsExactly("sequence 2 came after 2");
  }

  @Test
  void detectsAnEventThatChanged() throws Exception {
    ledger.publishing(List.of(event("a", "WORKFLOW_EXECUTION_COMPLETED")));
    ledger.seen(Fixture.streamEvent(1, event("a", "WORKFLOW_EXECUTION_FAILED")));

    assertThat(ledger.settle(AT_ONCE).agrees()).isFalse();
  }

  @Test
  void doesNotWaitForABrokenStream() throws Exception {
    ledger.publishing(List.of(event("a", "WORKFLOW_EXECUTION_STARTED")));
    ledger.brokenOff("the stream ended");

    assertThat(ledger.settle(FOR_LONG).faults())
        .containsExactly("the stream ended", "1 events were published and never seen");
  }

  @Test
  void anExecutionThatContinuesAsNewCountsOnce() {
    ObjectNode next = event("b", "WORKFLOW_EXECUTION_STARTED").put("continued_run_id", "run-1");

    Tally tally =
        Tally.NOTHING
            .with(read(event("a", "WORKFLOW_EXECUTION_STARTED")))
            .with(read(event("c", "WORKFLOW_EXECUTION_CONTINUED_AS_NEW")))
            .with(read(next));

    assertThat(tally).isEqualTo(new Tally(3, 1, 0, 0, 0));
  }

  private static Event read(ObjectNode event) {
    return EventReader.event(event.toString());
  }

  private static ObjectNode event(String id, String type) {
    return Json.object("event_id", id, "event_type", type);
  }
}
