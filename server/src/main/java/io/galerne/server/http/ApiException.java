package io.galerne.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error response to a request.
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient HttpResponseStatus status;
  private final @Nullable ErrorCode code;
  private final String detail;
  private final transient Map<String, String> headers;

  /// An error without extra headers.
  ///
  /// @param code null for an answer without a code
  /// @param detail for the client: the error and the fix
  public ApiException(HttpResponseStatus status, @Nullable ErrorCode code, String detail) {
    this(status, code, detail, Map.of());
  }

  /// An error with extra headers.
  ///
  /// @param code null for an answer without a code
  /// @param detail for the client: the error and the fix
  /// @param headers in addition to those of every answer
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

  /// 404: the requested thing does not exist.
  public static ApiException notFound(String detail) {
    return new ApiException(HttpResponseStatus.NOT_FOUND, ErrorCode.NOT_FOUND, detail);
  }

  /// 503: the server is too busy for this request, briefly.
  public static ApiException overloaded(String detail) {
    return new ApiException(
        HttpResponseStatus.SERVICE_UNAVAILABLE, ErrorCode.OVERLOADED, detail, Errors.RETRY_SOON);
  }

  /// 400: the body's chunks are malformed.
  public static ApiException badChunks() {
    return new ApiException(
        HttpResponseStatus.BAD_REQUEST,
        ErrorCode.BAD_REQUEST,
        "The body is not chunked as Transfer-Encoding says, or a chunk has no valid length");
  }

  /// 408: the rest of the request did not arrive in time.
  public static ApiException arrivedTooSlowly() {
    return new ApiException(
        HttpResponseStatus.REQUEST_TIMEOUT,
        ErrorCode.TIMEOUT,
        "The request took too long to arrive");
  }

  /// 503: the operation did not answer in time.
  public static ApiException answeredTooSlowly() {
    return new ApiException(
        HttpResponseStatus.SERVICE_UNAVAILABLE,
        ErrorCode.STORE,
        "The log did not answer in time; send the same request again",
        Errors.RETRY_SOON);
  }

  /// 429: the limit of open streams is reached.
  public static ApiException tooManyStreams() {
    return new ApiException(
        HttpResponseStatus.TOO_MANY_REQUESTS,
        ErrorCode.STREAM,
        "This server has reached its limit of open streams",
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
