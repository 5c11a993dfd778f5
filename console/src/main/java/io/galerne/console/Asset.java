package io.galerne.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A file of the console, ready to be served. Its arrays are shared: nobody may change them.
///
/// @param contentType of the body
/// @param body as it is
/// @param gzipped the same, compressed
/// @param etag names this version of it, in quotes
/// @param headers that belong to every answer with it
public record Asset(
    String contentType, byte[] body, byte[] gzipped, String etag, Map<String, String> headers) {

  /// An asset with headers of its own beside those that every asset has.
  static Asset of(String contentType, byte[] body, String etag, Map<String, String> own) {
    Map<String, String> headers = new LinkedHashMap<>(own);
    headers.put("ETag", etag);
    headers.put("Vary", "Accept-Encoding");
    headers.put("X-Content-Type-Options", "nosniff");
    headers.put("Referrer-Policy", "no-referrer");
    headers.put("Cross-Origin-Resource-Policy", "same-origin");
    return new Asset(contentType, body, gzip(body), etag, Map.copyOf(headers));
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / 3);
    try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
      zip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // not in memory
    }
    return bytes.toByteArray();
  }
}
