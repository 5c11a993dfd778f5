package io.galerne.server.runs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// Derives trace and span ids from the ids in events, in OpenTelemetry's format. They are the same
/// on every node and do not change when events expire.
final class SpanId {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private SpanId() {}

  /// The id of the trace of a whole tree of executions.
  static String trace(String namespace, String rootExecutionId) {
    return hex(TRACE_BYTES, "trace", namespace, rootExecutionId);
  }

  static String span(String... ids) {
    return hex(SPAN_BYTES, ids);
  }

  private static String hex(int bytes, String... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        byte[] text = part.getBytes(UTF_8);
        digest.update((text.length + ":").getBytes(UTF_8)); // makes the concatenation unambiguous
        digest.update(text);
      }
      return HexFormat.of().formatHex(digest.digest(), 0, bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
