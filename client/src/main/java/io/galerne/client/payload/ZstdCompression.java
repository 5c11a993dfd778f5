package io.galerne.client.payload;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// The only class that uses the optional library. If that is missing, or has no native code for
/// this platform, the first use of this class throws a [LinkageError].
final class ZstdCompression {
  /// Completes the message that says why compression does not work.
  static final String HOW_TO_HAVE_IT = "add com.github.luben:zstd-jni to the class path";

  private ZstdCompression() {}

  static byte[] compress(byte[] bytes, int level) {
    return Zstd.compress(bytes, level);
  }

  /// @throws PayloadFault if this is not a zstd frame, is truncated, or decompresses to more than
  ///     `most` bytes
  static byte[] decompress(byte[] compressed, int most) throws PayloadFault {
    try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(compressed))) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new PayloadFault("it decompresses to more than " + most + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new PayloadFault("the compressed data is truncated or damaged", e);
    }
  }
}
