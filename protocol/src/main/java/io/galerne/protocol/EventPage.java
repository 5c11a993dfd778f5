package io.galerne.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A page of a list of events (contract, section 5).
///
/// @param events ascending by sequence
/// @param nextCursor where the next page begins; null where no more is stored now
@WireJson
public record EventPage(List<Event> events, @Nullable String nextCursor) {
  public EventPage {
    events = List.copyOf(events);
  }

  /// The page as JSON of the wire.
  public Json json() {
    return EventText.page(this);
  }
}
