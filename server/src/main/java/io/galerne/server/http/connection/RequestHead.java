package io.galerne.server.http.connection;

import io.galerne.server.access.Caller;
import io.galerne.server.fault.TooLargeException;
import io.galerne.server.http.ApiException;
import io.galerne.server.http.ErrorCode;
import io.galerne.server.http.Routes;
import io.galerne.server.http.Target;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The route and caller of a request, determined before its body is read.
///
/// @param route the requested route
/// @param target its path and query
/// @param caller its sender
record RequestHead(Routes.Route route, Target target, Caller caller) {
  /// Longest request line: metadata filters make long URLs.
  static final int MOST_LINE_BYTES = 32 * 1024;

  /// Longest block of headers.
  static final int MOST_HEADER_BYTES = 32 * 1024;

  private static final Pattern CHARSET =
      Pattern.compile("(?i);\\s*charset\\s*=\\s*[\"']?([^\"';\\s]*)");
  private static final Caller NOBODY = new Caller("", "", Set.of());

  /// Routes and authorises a request.
  ///
  /// @throws ApiException if it must be answered with an error at once
  /// @throws TooLargeException if its announced body exceeds the limit
  static RequestHead read(HttpRequest request, HttpServer.Shared shared) {
    Target target = Target.parse(request.uri());
    Routes.Route route = shared.routes().find(request.method(), target.path());
    Caller caller = admit(route, request.headers(), shared);
    if (request.method().equals(HttpMethod.POST)) {
      requireJson(request.headers());
      if (HttpUtil.getContentLength(request, 0L) > shared.maxBodyBytes()) {
        throw tooLarge(shared.maxBodyBytes());
      }
    }
    return new RequestHead(route, target, caller);
  }

  static TooLargeException tooLarge(int limit) {
    return new TooLargeException(
        "The body is over the limit of " + limit + " bytes; send it in several requests");
  }

  /// Refuses a request whose end is unknown. The connection must end with the answer, or the rest
  /// could be taken for another request.
  ///
  /// @throws ApiException if it is not HTTP, is too long, or has an unknown transfer encoding
  static void requireFramed(HttpRequest request) {
    requireDecoded(request);
    List<String> encodings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
    boolean chunked =
        encodings.size() == 1 && encodings.getFirst().strip().equalsIgnoreCase("chunked");
    if (!encodings.isEmpty() && !chunked) {
      throw new ApiException(
          HttpResponseStatus.BAD_REQUEST,
          ErrorCode.BAD_REQUEST,
          "Transfer-Encoding: "
              + String.join(", ", encodings)
              + " is not supported; send 'chunked' alone, or a Content-Length");
    }
  }

  /// Refuses a request without a Host header, or with several.
  ///
  /// @throws ApiException 400 if there are several, or none in HTTP/1.1
  static void requireHost(HttpRequest request) {
    int hosts = request.headers().getAll(HttpHeaderNames.HOST).size();
    boolean optional = request.protocolVersion().compareTo(HttpVersion.HTTP_1_1) < 0;
    if (hosts > 1 || (hosts == 0 && !optional)) {
      throw new ApiException(
          HttpResponseStatus.BAD_REQUEST,
          ErrorCode.BAD_REQUEST,
          "The request has " + hosts + " Host headers; send exactly one");
    }
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
              "The URL is longer than " + MOST_LINE_BYTES + " bytes");
      case TooLongHttpHeaderException e ->
          new ApiException(
              HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
              ErrorCode.TOO_LARGE,
              "The headers are longer than " + MOST_HEADER_BYTES + " bytes");
      default ->
          new ApiException(
              HttpResponseStatus.BAD_REQUEST, ErrorCode.BAD_REQUEST, notHttp(request.headers()));
    };
  }

  private static String notHttp(HttpHeaders headers) {
    List<String> lengths = headers.getAll(HttpHeaderNames.CONTENT_LENGTH);
    String given = String.join(", ", lengths);
    if (given.contains(",")) {
      return "The request has conflicting lengths: Content-Length is " + given + "; send one";
    } else if (!lengths.isEmpty() && headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return "The request has conflicting lengths: send either Content-Length or"
          + " Transfer-Encoding, not both";
    } else if (!lengths.isEmpty() && !given.matches("[0-9]{1,18}")) {
      return "Content-Length is '" + given + "' and should be a number of bytes";
    }
    return "This is not HTTP";
  }

  private static Caller admit(Routes.Route route, HttpHeaders headers, HttpServer.Shared shared) {
    if (route.right().isEmpty()) {
      return NOBODY;
    }
    String authorization = headers.get(HttpHeaderNames.AUTHORIZATION);
    Caller caller =
        shared.gate().admit(authorization).orElseThrow(() -> unauthorized(authorization));
    if (!caller.may().contains(route.right().get())) {
      throw new ApiException(
          HttpResponseStatus.FORBIDDEN,
          ErrorCode.FORBIDDEN,
          "This API key may not " + route.right().get().word() + "; use one that may");
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
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    boolean json =
        media.equals("application/json")
            || (media.startsWith("application/") && media.endsWith("+json"));
    boolean utf8 = isUtf8(type);
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

  /// Whether a media type names UTF-8 by any of its names, such as `utf8`, or no character set.
  private static boolean isUtf8(String type) {
    Matcher charset = CHARSET.matcher(type);
    if (!charset.find()) {
      return true;
    }
    try {
      return Charset.forName(charset.group(1)).equals(StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
