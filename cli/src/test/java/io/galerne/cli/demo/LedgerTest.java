package io.galerne.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.Terminal;
import io.galerne.cli.print.Fixture;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.EventType;
import io.galerne.protocol.StreamEvent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LedgerTest {
  private static final Duration AT_ONCE = Duration.ZERO;
  private static final Duration FOR_LONG = Duration.ofMinutes(10);

  private final Ledger ledger = new Ledger();

  @Test
  void agreesIfEveryEventArrivedOnceAndInOrder() throws Exception {
    Event start = published(EventType.WORKFLOW_EXECUTION_STARTED);
    Event end = published(EventType.WORKFLOW_EXECUTION_FAILED);
    ledger.seen(streamed(4, start));
    ledger.seen(streamed(9, end));

    assertThat(ledger.settle(FOR_LONG)).isEmpty();
    assertThat(printed())
        .contains(
            "1 executions: 0 completed, 1 failed, 0 canceled" + System.lineSeparator(),
            "2 events published, 2 seen, sequences 4 to 9, in ",
            "Every event arrived, once and in order.");
  }

  @Test
  void waitsForEventsThatHaveNotArrivedYet() throws Exception {
    Event event = published(EventType.WORKFLOW_EXECUTION_STARTED);
    Thread late = Thread.ofVirtual().start(() -> ledger.seen(streamed(1, event)));

    assertThat(ledger.settle(FOR_LONG)).isEmpty();
    late.join();
  }

  @Test
  void reportsEventsThatNeverArrived() throws Exception {
    published(EventType.WORKFLOW_EXECUTION_STARTED);

    assertThat(ledger.settle(AT_ONCE)).containsExactly("1 events were published and never seen");
    assertThat(printed())
        .contains("What was published is not what arrived:", "  1 events were published and never")
        .doesNotContain("Every event arrived");
  }

  @Test
  void reportsAnEventThatCameTwice() throws Exception {
    Event event = published(EventType.WORKFLOW_EXECUTION_STARTED);
    ledger.seen(streamed(1, event));
    ledger.seen(streamed(2, event));

    assertThat(ledger.settle(AT_ONCE))
        .containsExactly("event " + event.eventId() + " came twice, or was never published");
  }

  @Test
  void reportsASequenceThatDoesNotAscend() throws Exception {
    Event one = published(EventType.WORKFLOW_EXECUTION_STARTED);
    Event other = published(EventType.WORKFLOW_EXECUTION_COMPLETED);
    ledger.seen(streamed(2, one));
    ledger.seen(streamed(2, other));

    assertThat(ledger.settle(AT_ONCE)).containsExactly("sequence 2 came after 2");
  }

  @Test
  void reportsAnEventThatChangedOnItsWay() throws Exception {
    Event event = published(EventType.WORKFLOW_EXECUTION_FAILED);
    String changed = event.json().text().replace("EXECUTION_FAILED", "EXECUTION_CANCELED");
    ledger.seen(streamed(1, EventReader.event(changed)));

    assertThat(ledger.settle(AT_ONCE))
        .containsExactly("event " + event.eventId() + " changed on its way");
  }

  @Test
  void doesNotWaitForAStreamThatBrokeOff() throws Exception {
    published(EventType.WORKFLOW_EXECUTION_STARTED);
    ledger.brokenOff("the stream ended");

    assertThat(ledger.settle(FOR_LONG))
        .containsExactly("the stream ended", "1 events were published and never seen");
  }

  @Test
  void anExecutionThatContinuesAsNewCountsOnce() throws Exception {
    List<Event> child =
        ScriptedEvent.readAll().stream()
            .map(scripted -> scripted.event("000000"))
            .filter(event -> event.workflowName().equals("fact-check"))
            .toList();
    child.forEach(event -> ledger.seen(streamed(1, event)));

    assertThat(child)
        .filteredOn(event -> event.eventType().equals("WORKFLOW_EXECUTION_STARTED"))
        .hasSize(2);
    assertThat(printed())
        .contains("1 executions: 1 completed, 0 failed, 0 canceled" + System.lineSeparator());
  }

  /// The first event of this type in the script, as one that is published.
  private Event published(EventType type) throws IOException {
    Event event =
        ScriptedEvent.readAll().stream()
            .map(scripted -> scripted.event("000000"))
            .filter(each -> each.eventType().equals(type.wireName()))
            .findFirst()
            .orElseThrow();
    ledger.publishing(event);
    return event;
  }

  private static StreamEvent streamed(long sequence, Event event) {
    return Fixture.streamEvent(sequence, event.json().tree());
  }

  private String printed() {
    StringWriter out = new StringWriter();
    ledger.print(new PrintWriter(out), new Terminal(false, false, true, 120));
    return out.toString();
  }
}
