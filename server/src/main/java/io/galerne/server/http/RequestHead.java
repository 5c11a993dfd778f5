package io.galerne.server.http;

import io.galerne.server.access.Caller;
import io.galerne.server.ingest.TooLargeException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is decided about a request before its body is read.
///
/// @param operation what will answer it
/// @param target its path and query
/// @param caller who makes it
record RequestHead(Operation operation, Target target, Caller caller) {
  private static final Caller NOBODY = new Caller("", "", Set.of());

  /// Routes and admits a request.
  ///
  /// @throws ApiException where it is answered with an error at once
  /// @throws TooLargeException where its body is announced to be over the limit
  static RequestHead read(HttpRequest request, HttpContext context) {
    requireDecoded(request);
    if (context.draining().get()) {
      throw new ApiException(
          HttpResponseStatus.SERVICE_UNAVAILABLE,
          ErrorCode.OVERLOADED,
          "The server is stopping",
          Errors.RETRY_SOON);
    }
    Target target = Target.parse(request.uri());
    Operation operation = context.router().find(request.method(), target.path());
    Caller caller = admit(operation, request.headers(), context);
    if (request.method().equals(HttpMethod.POST)) {
      requireJson(request.headers());
      if (HttpUtil.getContentLength(request, 0L) > context.maxBodyBytes()) {
        throw tooLarge(context.maxBodyBytes());
      }
    }
    return new RequestHead(operation, target, caller);
  }

  static TooLargeException tooLarge(int limit) {
    return new TooLargeException(
        "The body is over the limit of " + limit + " bytes; send it in several requests");
  }

  private static void requireDecoded(HttpRequest request) {
    if (!request.decoderResult().isFailure()) {
      return;
    }
    throw switch (request.decoderResult().cause()) {
      case TooLongHttpLineException e ->
          new ApiException(
              HttpResponseStatus.REQUEST_URI_TOO_LONG,
              ErrorCode.TOO_LARGE,
              "The URL is longer than " + Connection.MOST_LINE_BYTES + " bytes");
      case TooLongHttpHeaderException e ->
          new ApiException(
              HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
              ErrorCode.TOO_LARGE,
              "The headers are longer than " + Connection.MOST_HEADER_BYTES + " bytes");
      default ->
          new ApiException(
              HttpResponseStatus.BAD_REQUEST, ErrorCode.BAD_REQUEST, "This is not HTTP/1.1");
    };
  }

  private static Caller admit(Operation operation, HttpHeaders headers, HttpContext context) {
    if (operation.right().isEmpty()) {
      return NOBODY;
    }
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    Caller caller =
        context.gate().admit(authorization).orElseThrow(() -> unauthorized(authorization));
    if (!caller.may().contains(operation.right().get())) {
      throw new ApiException(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.FORBIDDEN,
          "This API key may not " + operation.right().get().word() + "; use one that may");
    }
    return caller;
  }

  private static ApiException unauthorized(@Nullable String authorization) {
    boolean hasKey = authorization != null && authorization.strip().matches("(?is)bearer\\s+\\S.*");
    return new ApiException(
        HttpResponseStatus.UNAUTHORIZED,
        ErrorCode.UNAUTHORIZED,
        hasKey
            ? "This API key is not known; it may have been revoked"
            : "An API key is needed: send it as 'Authorization: Bearer <key>'",
        Map.of("WWW-Authenticate", "Bearer"));
  }

  private static void requireJson(HttpHeaders headers) {
    String type = headers.get(HttpHeaderNames.CONTENT_TYPE, "application/json");
    String plain = type.toLowerCase(Locale.ROOT).replace(" ", "").replace("\"", "");
    int end = plain.indexOf(';');
    String media = end < 0 ? plain : plain.substring(0, end);
    boolean json =
        media.equals("application/json")
            || (media.startsWith("application/") && media.endsWith("+json"));
    boolean utf8 = !plain.contains("charset=") || plain.contains("charset=utf-8");
    boolean encoded =
        headers.contains(HttpHeaderNames.CONTENT_ENCODING)
            && !headers.contains(HttpHeaderNames.CONTENT_ENCODING, "identity", true);
    if (!json || !utf8 || encoded) {
      throw new ApiException(
          HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE,
          ErrorCode.UNSUPPORTED_MEDIA_TYPE,
          "Send the body as 'Content-Type: application/json', in UTF-8 and not compressed");
    }
  }
}
