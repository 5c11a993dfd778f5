package io.galerne.server.api;

import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.live.StreamRequest;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.LogRange;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/// `GET /v1/workflows/events/stream`: the stored events, then the live ones (contract, section 4).
final class StreamEvents implements Operation {
  private final EventLog log;

  StreamEvents(EventLog log) {
    this.log = log;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    EventFilter filter = StreamQuery.filter(query, request.caller().namespace());
    OptionalLong start = query.integer("start_seq");
    OptionalLong last = LastEventId.of(request, query);
    query.requireValid();

    return log.rangeAt(last.orElse(0))
        .thenApply(range -> {
          long from = start.orElse(0) < 0 ? range.head() + 1 : start.orElse(0);
          return new Reply.Stream(
              new StreamRequest(
                  filter,
                  Math.max(range.oldest(), last.isPresent() ? after(last.getAsLong()) : from),
                  StreamRequest.NO_END,
                  null,
                  request.caller()),
              headers(log, range));
        });
  }

  /// The sequence after the last one seen.
  static long after(long sequence) {
    return sequence == Long.MAX_VALUE ? sequence : sequence + 1;
  }

  /// The headers that report from which sequences a reader can resume.
  static Map<String, String> headers(EventLog log, LogRange range) {
    return Map.of(
        "Galerne-Oldest-Sequence",
        Long.toString(range.oldest()),
        "Galerne-Head-Sequence",
        Long.toString(range.head()),
        "Galerne-Log-Id",
        log.id());
  }
}
