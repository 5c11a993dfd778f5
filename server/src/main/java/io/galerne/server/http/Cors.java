package io.galerne.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Which pages may read the server's answers.
final class Cors {
  private static final String EXPOSED =
      "Galerne-Oldest-Sequence, Galerne-Head-Sequence, Galerne-Log-Id, X-Request-Id, Retry-After";
  private static final String ALLOWED_HEADERS =
      "authorization, content-type, last-event-id, x-request-id";

  private final List<String> origins;

  /// @param origins such as `https://runs.example.org`; `*` for any
  Cors(List<String> origins) {
    this.origins = origins;
  }

  /// The page's origin, where it may read the answer.
  private Optional<String> allowed(HttpHeaders request) {
    @Nullable String origin = request.get("origin");
    return Optional.ofNullable(origin)
        .filter(page -> origins.contains("*") || origins.contains(page));
  }

  /// Adds to a response what the page's browser asks for.
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

  /// What answers a browser that asks before it sends; empty where this is no such request.
  Optional<Map<String, String>> preflight(HttpHeaders request) {
    if (origins.isEmpty() || !request.contains("access-control-request-method")) {
      return Optional.empty();
    }
    return Optional.of(
        allowed(request).isEmpty()
            ? Map.of()
            : Map.of(
                "access-control-allow-methods",
                "GET, POST",
                "access-control-allow-headers",
                ALLOWED_HEADERS,
                "access-control-max-age",
                "86400"));
  }
}
