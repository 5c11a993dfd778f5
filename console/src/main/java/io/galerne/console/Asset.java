package io.galerne.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/// A file of the console, ready to serve. The arrays are shared and must not be modified.
///
/// @param contentType the media type of the body
/// @param body the content, uncompressed
/// @param gzipped the same content, compressed with gzip
/// @param etag the entity tag, in quotes
/// @param headers the headers of every response that carries it
public record Asset(
    String contentType, byte[] body, byte[] gzipped, String etag, Map<String, String> headers) {

  /// Returns an asset with its own headers in addition to those of every asset.
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
      throw new UncheckedIOException(e); // cannot happen in memory
    }
    return bytes.toByteArray();
  }
}
