package io.galerne.cli.events;

import io.galerne.client.Mistral;
import io.galerne.client.Reconnection;
import io.galerne.client.Retries;
import io.galerne.client.error.MistralException;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.StreamEvent;
import java.time.Duration;
import java.util.Iterator;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The sequences of listed events. A page of a list has none, but a stream of the same events has
/// them, in the same order (contract, sections 4 and 5), and is read beside the list. If it cannot
/// be opened or falls silent, the list continues without the remaining sequences.
final class ListedSequences implements AutoCloseable {
  /// The longest wait for a stream that has fallen behind its list.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(3);

  private final Mistral mistral;
  private final ListEvents.Wanted wanted;
  private @Nullable EventStream stream;
  private @Nullable QuietWatch quiet;
  private @Nullable Iterator<StreamEvent> events;
  private boolean unknown;

  ListedSequences(Mistral mistral, ListEvents.Wanted wanted) {
    this.mistral = mistral;
    this.wanted = wanted;
  }

  /// Returns the sequence of the next event of the list; empty if it is unknown.
  OptionalLong of(Event event) {
    if (unknown) {
      return OptionalLong.empty();
    }
    try {
      return find(event);
    } catch (MistralException e) {
      unknown = true;
      return OptionalLong.empty();
    }
  }

  private OptionalLong find(Event event) {
    if (events == null || quiet == null) {
      stream = mistral.events().getStreamEvents(request(event));
      quiet = new QuietWatch(LONGEST_WAIT, stream::close);
      events = stream.iterator();
    }
    while (quiet.during(events::hasNext)) {
      StreamEvent next = events.next();
      if (next.data().eventId().equals(event.eventId())) {
        return OptionalLong.of(next.brokerSequence());
      }
    }
    unknown = true;
    return OptionalLong.empty();
  }

  /// Returns a request with the list's filters. A stream has no filter for a run, but a run belongs
  /// to one execution.
  private StreamEventsRequest request(Event first) {
    StreamEventsRequest.Builder request =
        StreamEventsRequest.builder()
            .options(options -> options.reconnection(Reconnection.off()).retries(Retries.off()));
    if (wanted.workflowRunId != null) {
      request.workflowExecId(first.workflowExecId());
    } else if (wanted.workflowExecId != null) {
      request.workflowExecId(wanted.workflowExecId);
    }
    if (wanted.rootWorkflowExecId != null) {
      request.rootWorkflowExecId(wanted.rootWorkflowExecId);
    }
    return request.build();
  }

  @Override
  public void close() {
    if (quiet != null) {
      quiet.close();
    }
    if (stream != null) {
      stream.close();
    }
  }
}
