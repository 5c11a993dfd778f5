package io.galerne.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The path and the query of a request.
///
/// @param path as sent, still encoded
/// @param query decoded, with every value of each parameter, in order
public record Target(String path, Map<String, List<String>> query) {
  /// More parameters than any client needs, and few enough to parse cheaply.
  private static final int MOST_PARAMETERS = 256;

  private static final char REPLACEMENT = '\ufffd';

  private static final Pattern AUTHORITY = Pattern.compile("(?i)https?://[^/?#]*");

  /// Parses a request's target.
  ///
  /// @throws ApiException 400 if it is badly encoded or has too many parameters
  public static Target parse(String requestTarget) {
    String uri = originForm(requestTarget);
    int queryStart = uri.indexOf('?');
    String path = queryStart < 0 ? uri : uri.substring(0, queryStart);
    String query = queryStart < 0 ? "" : uri.substring(queryStart + 1);
    if (query.chars().filter(c -> c == '&').count() >= MOST_PARAMETERS) {
      throw new ApiException(
          HttpResponseStatus.BAD_REQUEST,
          ErrorCode.BAD_REQUEST,
          "The URL has more than " + MOST_PARAMETERS + " parameters");
    }
    try {
      QueryStringDecoder decoder =
          QueryStringDecoder.builder()
              .hasPath(false)
              .maxParams(MOST_PARAMETERS)
              .semicolonIsNormalChar(true)
              .build(query);
      requireUtf8(query, decoder.parameters().toString());
      return new Target(path, decoder.parameters());
    } catch (IllegalArgumentException e) {
      throw badEncoding();
    }
  }

  /// The decoder replaces bytes that are not UTF-8, and the request would silently match nothing.
  private static void requireUtf8(String encoded, String decoded) {
    if (decoded.indexOf(REPLACEMENT) >= 0
        && !encoded.toUpperCase(Locale.ROOT).contains("%EF%BF%BD")) {
      throw new ApiException(
          HttpResponseStatus.BAD_REQUEST,
          ErrorCode.BAD_REQUEST,
          "The URL is not UTF-8, percent-encoded");
    }
  }

  /// Strips the authority of a target in absolute form, such as `http://host/path?query`: any host
  /// is this server.
  private static String originForm(String target) {
    Matcher authority = AUTHORITY.matcher(target);
    if (!authority.lookingAt()) {
      return target;
    }
    String rest = target.substring(authority.end());
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  /// A decoded segment of the path; the first is 1.
  ///
  /// @throws ApiException 400 if it is badly encoded
  public String part(int number) {
    return decode(path.split("/", -1)[number]);
  }

  private static String decode(String segment) {
    try {
      // the decoder is for forms, in which a plus is a space
      String decoded = QueryStringDecoder.decodeComponent(segment.replace("+", "%2B"));
      requireUtf8(segment, decoded);
      return decoded;
    } catch (IllegalArgumentException e) {
      throw badEncoding();
    }
  }

  private static ApiException badEncoding() {
    return new ApiException(
        HttpResponseStatus.BAD_REQUEST,
        ErrorCode.BAD_REQUEST,
        "The URL is not percent-encoded correctly: every % needs two hexadecimal digits");
  }
}
