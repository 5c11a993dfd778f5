package io.galerne.client;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One call as it is to be sent, but for where to and as whom. Immutable.
///
/// @param operation the method that the caller called; for messages and hooks
/// @param target path and query, percent-encoded
/// @param body JSON; null for a GET
/// @param headers of this call alone
/// @param options what the caller wants different
record Call(
    String operation,
    String target,
    @Nullable String body,
    Map<String, String> headers,
    CallOptions options) {
  static final String JSON = "application/json";
  static final String EVENT_STREAM = "text/event-stream";

  static Call get(String operation, String path, UrlQuery query, CallOptions options) {
    return new Call(operation, path + query.text(), null, Map.of("accept", JSON), options);
  }

  static Call post(String operation, String path, String body, CallOptions options) {
    return new Call(operation, path, body, Map.of("accept", JSON, "content-type", JSON), options);
  }

  /// A GET whose answer is a stream.
  static Call stream(String operation, String path, UrlQuery query, CallOptions options) {
    return new Call(
        operation,
        path + query.text(),
        null,
        Map.of("accept", EVENT_STREAM, "cache-control", "no-cache"),
        options);
  }

  Call header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(operation, target, body, more, options);
  }

  boolean wantsStream() {
    return EVENT_STREAM.equals(headers.get("accept"));
  }

  String method() {
    return body == null ? "GET" : "POST";
  }
}
