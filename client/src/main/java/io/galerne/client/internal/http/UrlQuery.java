package io.galerne.client.internal.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The query of a URL, percent-encoded, in the order in which names are added.
public final class UrlQuery {
  private final Map<String, List<String>> values = new LinkedHashMap<>();

  /// A query with these values by name.
  public static UrlQuery of(Map<String, List<String>> values) {
    UrlQuery query = new UrlQuery();
    values.forEach((name, all) -> all.forEach(value -> query.add(name, value)));
    return query;
  }

  public UrlQuery add(String name, String value) {
    values.computeIfAbsent(name, key -> new ArrayList<>()).add(value);
    return this;
  }

  /// Adds a value unless it is null.
  public UrlQuery addIfGiven(String name, @Nullable Object value) {
    return value == null ? this : add(name, value.toString());
  }

  public UrlQuery copy() {
    return of(values);
  }

  /// The values by name, in the order in which the names were first added.
  public Map<String, List<String>> parameters() {
    Map<String, List<String>> copy = new LinkedHashMap<>();
    values.forEach((name, all) -> copy.put(name, List.copyOf(all)));
    return Collections.unmodifiableMap(copy);
  }

  /// The query with its question mark; empty if nothing was added.
  public String text() {
    StringBuilder text = new StringBuilder();
    values.forEach((name, all) -> {
      for (String value : all) {
        text.append(text.length() == 0 ? '?' : '&');
        text.append(encode(name)).append('=').append(encode(value));
      }
    });
    return text.toString();
  }

  /// Percent-encodes a text for a query or a path segment.
  public static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// An id as one path segment. `.` and `..` alone would change the path.
  public static String segment(String id, String name) {
    if (id.isEmpty()) {
      throw new IllegalArgumentException(name + " is empty");
    }
    String encoded = encode(id);
    return encoded.equals(".") || encoded.equals("..") ? encoded.replace(".", "%2E") : encoded;
  }
}
