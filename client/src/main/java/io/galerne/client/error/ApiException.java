package io.galerne.client.error;

import io.galerne.client.Checkpoint;
import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/// The server answered, but not with what was requested. The subclasses are for the statuses that
/// programs tell apart; any other status, such as a redirect, is an `ApiException` itself. So is a
/// 200 whose content is something else, which usually comes from a proxy or a wrong server URL.
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
  private final transient @Nullable Checkpoint position;

  ApiException(String message, Answer answer) {
    super(message, answer.cause);
    this.status = answer.status;
    this.body = answer.body;
    this.headers = answer.headers;
    this.retryAfter = answer.retryAfter;
    this.position = answer.position;
  }

  /// What all of these exceptions know.
  record Answer(
      int status,
      String body,
      HttpHeaders headers,
      @Nullable Duration retryAfter,
      @Nullable Checkpoint position,
      @Nullable ApiException cause) {}

  /// The exception for an answer, of the class that belongs to its status. Programs need this only
  /// to replace the client in a test.
  ///
  /// @param message what failed, why, and what to do
  /// @param retryAfter how long the answer asks to wait; null if it does not
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

  /// The same exception for a stream that was refused when it reconnected, with this one as its
  /// cause.
  ///
  /// @param reached what the stream had handed out
  public ApiException at(Checkpoint reached) {
    return of(
        getMessage() + ". To continue, resume after sequence " + reached.sequence(),
        new Answer(status, body, httpHeaders(), retryAfter, reached, this));
  }

  /// The answer's status.
  public int status() {
    return status;
  }

  /// The server's code for the error, such as `WF_1103` (docs/compatibility.md, "Error codes"). It
  /// does not change, while messages may. Empty if the answer has none, as for status 422 or if a
  /// proxy answered.
  public Optional<String> code() {
    return member("code");
  }

  /// What the server says is wrong, for people; empty if it does not, or not as one text.
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

  /// The answer's body, at most its first 64 KiB.
  public String body() {
    return body;
  }

  /// The answer's headers, by name in any case.
  public Map<String, List<String>> headers() {
    return httpHeaders().map();
  }

  /// How long the server asked to wait before the next try (`Retry-After`, `retry-after-ms`); empty
  /// if it did not.
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /// What a stream had handed out when the server refused to let it reconnect: pass it to
  /// `resumeAfter` to continue after it. Empty for other calls, and if the stream had handed out
  /// nothing and was not told where to start.
  public Optional<Checkpoint> position() {
    return Optional.ofNullable(position);
  }

  private HttpHeaders httpHeaders() {
    return headers == null ? HttpHeaders.of(Map.of(), (name, value) -> true) : headers;
  }
}
