package io.galerne.client;

import io.galerne.client.payload.PayloadDecoder;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventPage;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of events (contract, section 5). Immutable.
public final class ListWorkflowEventResponse {
  private final List<Event> events;
  private final @Nullable String nextCursor;

  /// @param decoder null where payloads stay as they came
  ListWorkflowEventResponse(EventPage page, @Nullable PayloadDecoder decoder) {
    events = decoder == null ? page.events() : page.events().stream().map(decoder::decode).toList();
    nextCursor = page.nextCursor();
  }

  /// The events, in the order of the log.
  public List<Event> events() {
    return events;
  }

  /// Where the next page begins; empty where no more is stored now.
  public Optional<String> nextCursor() {
    return Optional.ofNullable(nextCursor);
  }

  @Override
  public String toString() {
    return events.size() + " events, " + (nextCursor == null ? "the last page" : "more to come");
  }
}
