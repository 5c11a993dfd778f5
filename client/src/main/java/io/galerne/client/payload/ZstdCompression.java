package io.galerne.client.payload;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;

/// The only class that touches the optional library. Where that is missing, or has no native code
/// for this machine, the first use of this class is a [LinkageError].
final class ZstdCompression {
  /// Ends the sentence that says why it does not work.
  static final String HOW_TO_HAVE_IT = "add com.github.luben:zstd-jni to the class path";

  private ZstdCompression() {}

  static byte[] compress(byte[] bytes, int level) {
    return Zstd.compress(bytes, level);
  }

  /// @throws PayloadFault where it is no zstd frame, was cut, or decompresses to more than `most`
  static byte[] decompress(byte[] compressed, int most) throws PayloadFault {
    try (var in = new ZstdInputStreamNoFinalizer(new ByteArrayInputStream(compressed))) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new PayloadFault("it decompresses to more than " + most + " bytes");
      }
      return bytes;
    } catch (IOException e) {
      throw new PayloadFault("what is compressed was cut or damaged", e);
    }
  }
}
