package io.galerne.server.api;

import io.galerne.server.http.Request;
import java.util.List;
import java.util.OptionalLong;

/// The last sequence that a reader has seen: the header `Last-Event-ID`, or a parameter that
/// polyfills and tools send instead (contract, section 4). The header takes precedence.
final class LastEventId {
  /// The parameters, in order of precedence.
  static final List<String> NAMES =
      List.of("last_event_id", "lastEventId", "lastEventID", "Last-Event-ID");

  private static final String HEADER = "last-event-id";

  private LastEventId() {}

  /// The sequence; empty if none is given. Records a fault if a given value is not a sequence.
  static OptionalLong of(Request request, Query query) {
    String header = request.headers().get(HEADER);
    OptionalLong fromHeader =
        header == null ? OptionalLong.empty() : query.sequence(header, List.of("header", HEADER));
    OptionalLong fromQuery = OptionalLong.empty();
    for (String name : NAMES) {
      OptionalLong value =
          query
              .text(name)
              .map(text -> query.sequence(text, List.of("query", name)))
              .orElse(OptionalLong.empty());
      fromQuery = fromQuery.isPresent() ? fromQuery : value;
    }
    return fromHeader.isPresent() ? fromHeader : fromQuery;
  }
}
