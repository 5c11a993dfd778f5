package io.galerne.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request that cannot be answered as it was asked for.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final @Nullable ErrorCode code;
  private final String detail;
  private final transient Map<String, String> headers;

  /// An answer without headers of its own.
  ///
  /// @param code null for an answer that carries none
  /// @param detail for the one who asked: what is wrong, and what would be right
  public ApiException(HttpResponseStatus status, @Nullable ErrorCode code, String detail) {
    this(status, code, detail, Map.of());
  }

  /// An answer with headers of its own.
  ///
  /// @param code null for an answer that carries none
  /// @param detail for the one who asked: what is wrong, and what would be right
  /// @param headers beside those that every answer has
  public ApiException(
      HttpResponseStatus status,
      @Nullable ErrorCode code,
      String detail,
      Map<String, String> headers) {
    super(detail, null, false, false);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.headers = Map.copyOf(headers);
  }

  /// What the request names does not exist.
  public static ApiException notFound(String detail) {
    return new ApiException(HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_FOUND, detail);
  }

  /// Too much is under way for this request, but not for long.
  public static ApiException overloaded(String detail) {
    return new ApiException(
        HttpResponseStatus.SERVICE_UNAVAILABLE, ErrorCode.OVERLOADED, detail, Errors.RETRY_SOON);
  }

  /// The body is not framed as its request says.
  public static ApiException badChunks() {
    return new ApiException(
        HttpResponseStatus.BAD_REQUEST,
        ErrorCode.BAD_REQUEST,
        "The body is not in chunks, as Transfer-Encoding says, or one has no valid length");
  }

  /// The rest of a request did not come.
  public static ApiException arrivedTooSlowly() {
    return new ApiException(
        HttpResponseStatus.REQUEST_TIMEOUT,
        ErrorCode.TIMEOUT,
        "The request took too long to arrive");
  }

  /// The operation did not answer.
  public static ApiException answeredTooSlowly() {
    return new ApiException(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        ErrorCode.STORE,
        "The log did not answer in time; send the same request again",
        Errors.RETRY_SOON);
  }

  /// No further stream can be opened now.
  public static ApiException tooManyStreams() {
    return new ApiException(
        HttpResponseStatus.TOO_MANY_REQUESTS,
        ErrorCode.STREAM,
        "As many streams are open as this server allows",
        Errors.RETRY_SOON);
  }

  HttpResponseStatus status() {
    return status;
  }

  @Nullable ErrorCode code() {
    return code;
  }

  String detail() {
    return detail;
  }

  Map<String, String> headers() {
    return headers;
  }
}
