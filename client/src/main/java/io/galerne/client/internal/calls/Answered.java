package io.galerne.client.internal.calls;

import io.galerne.client.Page;
import io.galerne.client.internal.http.Members;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.runs.Run;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventPage;
import io.galerne.protocol.Json;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Parses response bodies.
final class Answered {
  private Answered() {}

  static <T> Function<String, T> as(Function<Json, T> read) {
    return body -> read.apply(Json.of(body));
  }

  /// As [#as], for a response with payloads; a null decoder leaves them encoded.
  static <T> BiFunction<String, @Nullable PayloadDecoder, T> decoded(
      BiFunction<Json, @Nullable PayloadDecoder, T> read) {
    return (body, decoder) -> read.apply(Json.of(body), decoder);
  }

  /// @param decoder null leaves payloads encoded
  static Page<Event> page(EventPage page, @Nullable PayloadDecoder decoder) {
    List<Event> events =
        decoder == null ? page.events() : page.events().stream().map(decoder::decode).toList();
    return Page.of(events, page.nextCursor());
  }

  static Page<Run> runs(Json body) {
    Members page = Members.of(body);
    List<Run> runs = page.requiredElements("executions").stream().map(Run::of).toList();
    String token = page.string("next_page_token");
    return Page.of(runs, token == null || token.isEmpty() ? null : token);
  }
}
