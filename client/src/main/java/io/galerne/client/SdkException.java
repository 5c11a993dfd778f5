package io.galerne.client;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The server answered, but not as requested: with a status other than 200, or another type of
/// content. A status of 422 is a [HttpValidationException].
public non-sealed class SdkException extends MistralException {
  private static final long serialVersionUID = 1L;

  private final int statusCode;
  private final String body;
  private final transient @Nullable HttpHeaders headers;
  private final transient @Nullable Checkpoint position;

  SdkException(String message, int statusCode, String body, HttpHeaders headers) {
    super(message, null);
    this.statusCode = statusCode;
    this.body = body;
    this.headers = headers;
    this.position = null;
  }

  SdkException(SdkException refused, Checkpoint position) {
    super(
        refused.getMessage() + ". To continue, resume after sequence " + position.sequence(),
        refused);
    this.statusCode = refused.statusCode;
    this.body = refused.body;
    this.headers = refused.headers;
    this.position = position;
  }

  /// The same for a stream that had come so far.
  SdkException at(@Nullable Checkpoint reached) {
    return reached == null ? this : new SdkException(this, reached);
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

  /// What a stream had handed out when the server refused to let it reconnect: pass it to
  /// `resumeAfter` to continue after it. Empty for other calls, and if the stream had handed out
  /// nothing and was not told where to start.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }

  HttpHeaders httpHeaders() {
    return headers == null ? HttpHeaders.of(Map.of(), (name, value) -> true) : headers;
  }
}
