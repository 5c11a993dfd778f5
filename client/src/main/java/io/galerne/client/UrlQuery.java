package io.galerne.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The query of a URL, percent-encoded, in the order in which it is put together.
final class UrlQuery {
  private final StringBuilder text = new StringBuilder();

  UrlQuery add(String name, String value) {
    text.append(text.length() == 0 ? '?' : '&');
    text.append(encode(name)).append('=').append(encode(value));
    return this;
  }

  /// Adds what is given: nothing for null.
  UrlQuery addIfGiven(String name, @Nullable Object value) {
    return value == null ? this : add(name, value.toString());
  }

  UrlQuery copy() {
    UrlQuery copy = new UrlQuery();
    copy.text.append(text);
    return copy;
  }

  /// The query with its question mark; empty where nothing was added.
  String text() {
    return text.toString();
  }

  /// A text such that it can stand in a query or as one segment of a path.
  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// An id as one segment of a path. Dots alone would be read as steps up and down.
  static String segment(String id, String name) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException(name + " is empty");
    }
    String encoded = encode(id);
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }
}
