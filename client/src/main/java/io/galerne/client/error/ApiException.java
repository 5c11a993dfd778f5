package io.galerne.client.error;

import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The server responded with an error. The subclasses are for the statuses that programs
/// distinguish; any other status, such as a redirect, is a plain `ApiException`. So is a 200 with
/// unexpected content, which usually comes from a proxy or a wrong server URL.
public sealed class ApiException extends MistralException
    permits UnauthorizedException,
        ForbiddenException,
        NotFoundException,
        RequestTooLargeException,
        InvalidRequestException,
        RateLimitException,
        ServerException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String body;
  private final @Nullable Duration retryAfter;
  private final transient @Nullable HttpHeaders headers;
  private final @Nullable Checkpoint position;

  ApiException(String message, Answer answer) {
    super(message, answer.cause);
    this.status = answer.status;
    this.body = answer.body;
    this.headers = answer.headers;
    this.retryAfter = answer.retryAfter;
    this.position = answer.position;
  }

  /// The fields of all of these exceptions.
  record Answer(
      int status,
      String body,
      HttpHeaders headers,
      @Nullable Duration retryAfter,
      @Nullable Checkpoint position,
      @Nullable ApiException cause) {}

  /// Creates the exception for a response, of the class for its status. Needed only by tests that
  /// replace the client.
  ///
  /// @param message what failed, why, and what to do
  /// @param retryAfter the wait that the response asks for; null if there is none
  public static ApiException of(
      String message, int status, String body, HttpHeaders headers, @Nullable Duration retryAfter) {
    return of(message, new Answer(status, body, headers, retryAfter, null, null));
  }

  private static ApiException of(String message, Answer answer) {
    return switch (answer.status) {
      case 401 -> new UnauthorizedException(message, answer);
      case 403 -> new ForbiddenException(message, answer);
      case 404 -> new NotFoundException(message, answer);
      case 413 -> new RequestTooLargeException(message, answer);
      case 422 -> new InvalidRequestException(message, answer);
      case 429 -> new RateLimitException(message, answer);
      default ->
          answer.status >= 500
              ? new ServerException(message, answer)
              : new ApiException(message, answer);
    };
  }

  /// A copy of this exception for a stream whose reconnection was refused, with this one as its
  /// cause.
  ///
  /// @param reached the position after the last delivered event
  public ApiException at(Checkpoint reached) {
    return of(
        getMessage() + ". To continue, resume after sequence " + reached.sequence(),
        new Answer(status, body, httpHeaders(), retryAfter, reached, this));
  }

  /// The HTTP status of the response.
  public int status() {
    return status;
  }

  /// The server's error code, such as `WF_1103` (docs/compatibility.md, "Error codes"). Codes are
  /// stable, messages are not. Empty if the response has none, as for status 422 or if a proxy
  /// responded.
  public Optional<String> code() {
    return member("code");
  }

  /// The server's error message, for people; empty if there is none, or it is not a string.
  public Optional<String> detail() {
    return member("detail");
  }

  private Optional<String> member(String name) {
    try {
      return Json.of(body).members().getOrDefault(name, Json.NULL).tree().asStringOpt();
    } catch (MalformedEventException | JacksonException e) {
      return Optional.empty(); // not from a server of this API
    }
  }

  /// The body of the response, at most its first 64 KiB.
  public String body() {
    return body;
  }

  /// The headers of the response, by case-insensitive name.
  public Map<String, List<String>> headers() {
    return httpHeaders().map();
  }

  /// The wait that the server asked for (`Retry-After`, `retry-after-ms`); empty if there is none.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// The position of the stream whose reconnection the server refused: pass it to `resumeAfter` to
  /// continue. Empty for other calls, and if the stream had delivered nothing and its request set
  /// no position.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }

  private HttpHeaders httpHeaders() {
    return headers == null ? HttpHeaders.of(Map.of(), (name, value) -> true) : headers;
  }
}
