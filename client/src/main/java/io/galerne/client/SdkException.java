package io.galerne.client;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The server answered, but not with what was asked for: a status other than 200, or another type
/// of content. A status of 422 is a [HttpValidationException].
public non-sealed class SdkException extends MistralException {
  private static final long serialVersionUID = 1L;

  private final int statusCode;
  private final String body;
  private final transient @Nullable HttpHeaders headers;

  SdkException(String message, int statusCode, String body, HttpHeaders headers) {
    super(message, null);
    this.statusCode = statusCode;
    this.body = body;
    this.headers = headers;
  }

  /// The answer's status.
  public int statusCode() {
    return statusCode;
  }

  /// The answer's body, at most its first 64 KiB.
  public String body() {
    return body;
  }

  /// The answer's headers, by name in any case.
  public Map<String, List<String>> headers() {
    return httpHeaders().map();
  }

  HttpHeaders httpHeaders() {
    return headers == null ? HttpHeaders.of(Map.of(), (name, value) -> true) : headers;
  }
}
