package io.galerne.client.internal.http;

import io.galerne.client.RequestOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A call without the server and the key. Immutable.
///
/// @param operation the client method, for messages and hooks
/// @param target path and query, percent-encoded
/// @param body JSON; null for a GET
/// @param headers the headers of this call only
/// @param options the caller's overrides
public record Call(
    String operation,
    String target,
    @Nullable String body,
    Map<String, String> headers,
    RequestOptions options) {
  public static final String JSON = "application/json";
  public static final String EVENT_STREAM = "text/event-stream";

  public static Call get(String operation, String path, UrlQuery query, RequestOptions options) {
    return new Call(operation, path + query.text(), null, Map.of("accept", JSON), options);
  }

  public static Call post(String operation, String path, String body, RequestOptions options) {
    return new Call(operation, path, body, Map.of("accept", JSON, "content-type", JSON), options);
  }

  /// A GET that returns a stream.
  public static Call stream(String operation, String path, UrlQuery query, RequestOptions options) {
    return new Call(
        operation,
        path + query.text(),
        null,
        Map.of("accept", EVENT_STREAM, "cache-control", "no-cache"),
        options);
  }

  public Call header(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Call(operation, target, body, more, options);
  }

  public boolean wantsStream() {
    return EVENT_STREAM.equals(headers.get("accept"));
  }

  public String method() {
    return body == null ? "GET" : "POST";
  }
}
