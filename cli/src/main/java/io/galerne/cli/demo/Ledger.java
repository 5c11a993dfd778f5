package io.galerne.cli.demo;

import io.galerne.cli.Terminal;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.WorkflowExecutionCanceled;
import io.galerne.protocol.WorkflowExecutionCompleted;
import io.galerne.protocol.WorkflowExecutionFailed;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Help.Ansi.Style;

/// Compares the published events with those that the stream brought: each once, unchanged, and with
/// ascending sequences. Safe for use by several threads; remembers only events that have not arrived
/// yet.
final class Ledger {
  /// More faults than these would say nothing new.
  private static final int MOST_FAULTS = 5;

  private final long startNanos = System.nanoTime();
  private final Map<String, Event> awaited = new HashMap<>();
  private final List<String> faults = new ArrayList<>();
  private boolean brokenOff;
  private long published;
  private long firstSequence;
  private long lastSequence;

  // Of the events that arrived.
  private long seen;
  private long executions;
  private long completed;
  private long failed;
  private long canceled;

  /// Called before the event is published: it may arrive before the server answers the publisher.
  synchronized void publishing(Event event) {
    awaited.put(event.eventId(), event);
    published++;
  }

  synchronized void seen(StreamEvent streamed) {
    Event event = streamed.data();
    Event sent = awaited.remove(event.eventId());
    if (sent == null) {
      fault("event " + event.eventId() + " came twice, or was never published");
    } else if (!isSame(sent, event)) {
      fault("event " + event.eventId() + " changed on its way");
    }
    if (streamed.brokerSequence() <= lastSequence) {
      fault("sequence " + streamed.brokerSequence() + " came after " + lastSequence);
    }
    firstSequence = firstSequence == 0 ? streamed.brokerSequence() : firstSequence;
    lastSequence = streamed.brokerSequence();
    count(event);
    notifyAll();
  }

  /// Compares all but the attributes, to which the server adds those that are null.
  private static boolean isSame(Event sent, Event arrived) {
    return sent.header().equals(arrived.header()) && sent.eventType().equals(arrived.eventType());
  }

  private void count(Event event) {
    seen++;
    switch (event) {
      case WorkflowExecutionStarted _ when event.continuedRunId().isEmpty() -> executions++;
      case WorkflowExecutionCompleted _ -> completed++;
      case WorkflowExecutionFailed _ -> failed++;
      case WorkflowExecutionCanceled _ -> canceled++;
      default -> {} // neither begins nor ends an execution
    }
  }

  /// No more events will arrive.
  synchronized void brokenOff(String reason) {
    fault(reason);
    brokenOff = true;
    notifyAll();
  }

  /// Waits until every published event has arrived, the stream has broken off, or the time is over.
  ///
  /// @return the differences; empty if there are none
  synchronized List<String> settle(Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    long left = longest.toMillis();
    while (!awaited.isEmpty() && !brokenOff && left > 0) {
      wait(left);
      left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
    }
    if (!awaited.isEmpty()) {
      fault(awaited.size() + " events were published and never seen");
    }
    return List.copyOf(faults);
  }

  private void fault(String fault) {
    if (faults.size() < MOST_FAULTS) {
      faults.add(fault);
    }
  }

  synchronized void print(PrintWriter out, Terminal terminal) {
    long running = executions - completed - failed - canceled;
    Duration time = Duration.ofNanos(System.nanoTime() - startNanos);
    out.println();
    out.println(
        "%d executions: %s, %s, %s%s"
            .formatted(
                executions,
                terminal.paint(Style.fg_green, completed + " completed"),
                terminal.paint(Style.fg_red, failed + " failed"),
                terminal.paint(Style.fg_magenta, canceled + " canceled"),
                running == 0 ? "" : ", " + running + " still running"));
    out.println(
        String.format(
            Locale.ROOT,
            "%d events published, %d seen, sequences %d to %d, in %.1f s",
            published,
            seen,
            firstSequence,
            lastSequence,
            time.toMillis() / 1000.0));
    if (faults.isEmpty()) {
      out.println("Every event arrived, once and in order.");
    } else {
      out.println(terminal.paint(Style.fg_red, "What was published is not what arrived:"));
      faults.forEach(fault -> out.println("  " + fault));
    }
    out.flush();
  }
}
