package io.galerne.client.payload;

import java.io.IOException;

/// Where workers put payloads that are too large for an event: with [S3PayloadStore] in S3, or
/// wherever the caller's own code finds them. Called by many threads at a time, as many as decode.
@FunctionalInterface
public interface PayloadStore {
  /// The bytes that are stored under this key, still encoded as they were before they were put
  /// there. At most [PayloadDecoder#MAX_BYTES] of them are of use: an implementation stops reading
  /// beyond.
  ///
  /// @param key as the event has it, such as `temporal-payload/<namespace>/<execution>/sha256:<hex>`
  /// @throws IOException where nothing is stored there, or it cannot be fetched; decoding fails with
  ///     a [io.galerne.client.error.DecodingException] that has it as its cause
  byte[] fetch(String key) throws IOException;
}
