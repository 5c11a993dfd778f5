package io.galerne.client.payload;

import java.io.IOException;

/// Fetches the payloads that workers offloaded because they are too large for an event: from S3
/// with [S3PayloadStore], or from any other store. Called concurrently by all threads that decode.
@FunctionalInterface
public interface PayloadStore {
  /// Returns the bytes stored under this key, still encoded. More than [PayloadDecoder#MAX_BYTES]
  /// are refused, so an implementation should stop reading there.
  ///
  /// @param key the key in the event, such as
  ///     `temporal-payload/<namespace>/<execution>/sha256:<hex>`
  /// @throws IOException if nothing is stored there, or it cannot be fetched; becomes the cause of
  ///     a [io.galerne.client.error.DecodingException]
  byte[] fetch(String key) throws IOException;
}
