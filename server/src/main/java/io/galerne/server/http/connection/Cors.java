package io.galerne.server.http.connection;

import io.galerne.server.http.Reply;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// CORS: which pages may read the server's answers.
final class Cors {
  private static final String EXPOSED =
      "Galerne-Oldest-Sequence, Galerne-Head-Sequence, Galerne-Log-Id, X-Request-Id, Retry-After";

  private static final Pattern HEADER_NAMES =
      Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,2000}");

  /// Headers that a page may send if its preflight request names none.
  private static final String USUAL_HEADERS =
      "authorization, cache-control, content-type, last-event-id, x-request-id";

  private static final byte[] NO_BODY = {};

  private final List<String> origins;

  /// @param origins such as `https://runs.example.org`; `*` for any
  Cors(List<String> origins) {
    this.origins = origins;
  }

  /// The page's origin, if it may read the answer.
  private Optional<String> allowed(HttpHeaders request) {
    @Nullable String origin = request.get("origin");
    return Optional.ofNullable(origin)
        .filter(page -> origins.contains("*") || origins.contains(page));
  }

  /// Adds the CORS headers to a response.
  void apply(HttpHeaders request, HttpHeaders response) {
    if (origins.isEmpty()) {
      return;
    }
    response.add("vary", "origin");
    allowed(request)
        .ifPresent(origin ->
            response
                .set("access-control-allow-origin", origin)
                .set("access-control-expose-headers", EXPOSED));
  }

  /// The answer to a preflight request; empty for any other request.
  Optional<Reply.Full> preflight(HttpRequest request) {
    HttpHeaders headers = request.headers();
    if (origins.isEmpty()
        || !request.method().equals(HttpMethod.OPTIONS)
        || !headers.contains("access-control-request-method")) {
      return Optional.empty();
    }
    Map<String, String> permission =
        allowed(headers).isEmpty()
            ? Map.of()
            : Map.of(
                "access-control-allow-methods",
                "GET, HEAD, POST",
                "access-control-allow-headers",
                // any header: only the API key gives rights
                wanted(headers),
                "access-control-max-age",
                "86400");
    return Optional.of(new Reply.Full(HttpResponseStatus.NO_CONTENT, "", NO_BODY, permission));
  }

  private static String wanted(HttpHeaders request) {
    String names = request.get("access-control-request-headers", "");
    return HEADER_NAMES.matcher(names).matches() ? names : USUAL_HEADERS;
  }
}
