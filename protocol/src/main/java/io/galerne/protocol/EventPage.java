package io.galerne.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a list of events (contract, section 5).
///
/// @param events in ascending order of sequences
/// @param nextCursor the cursor of the next page; null if no more events are stored now
@WireJson
public record EventPage(List<Event> events, @Nullable String nextCursor) {
  public EventPage {
    events = List.copyOf(events);
  }

  /// The page as JSON, as on the wire.
  public Json json() {
    return EventText.page(this);
  }
}
