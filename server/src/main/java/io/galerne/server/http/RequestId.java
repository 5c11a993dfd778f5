package io.galerne.server.http;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Names requests, so that an answer can be found in logs on both sides.
final class RequestId {
  static final String HEADER = "X-Request-Id";

  private static final Pattern SOUND = Pattern.compile("[A-Za-z0-9._:-]{1,128}");

  private RequestId() {}

  /// The id that the request brings, where it is fit to be logged; otherwise a new one.
  static String of(HttpHeaders headers) {
    @Nullable String given = headers.get(HEADER);
    return given != null && SOUND.matcher(given).matches()
        ? given
        : Long.toHexString(ThreadLocalRandom.current().nextLong());
  }
}
