package io.galerne.server.log.store;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rocksdb.RocksDBException;

/// Records of types that a newer RocksDB may write, in handmade files.
class RecordFramingTest {
  @TempDir private Path folder;

  @BeforeEach
  void nameTheManifest() throws Exception {
    Files.writeString(folder.resolve("CURRENT"), "MANIFEST-000001\n");
  }

  private static byte[] record(int type, int extra, byte[] data, int flipped) {
    ByteBuffer record = ByteBuffer.allocate(7 + extra + data.length).order(ByteOrder.LITTLE_ENDIAN);
    record.putInt(0).putShort((short) data.length).put((byte) type).put(new byte[extra]).put(data);
    CRC32C checksum = new CRC32C();
    checksum.update(record.array(), 6, 1 + extra + data.length);
    record.putInt(0, Integer.rotateRight((int) checksum.getValue(), 15) + 0xa282ead8);
    record.array()[6] ^= (byte) flipped;
    return record.array();
  }

  private void writeLog(byte[]... records) throws Exception {
    ByteBuffer file = ByteBuffer.allocate(4096);
    for (byte[] record : records) {
      file.put(record);
    }
    byte[] bytes = new byte[file.position()];
    file.flip().get(bytes);
    Files.write(folder.resolve("MANIFEST-000001"), bytes);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 9, 10, 129, 130, 200})
  void acceptsAnIntactRecordOfAnyType(int type) throws Exception {
    writeLog(record(type, 0, new byte[100], 0), record(1, 0, new byte[10], 0));
    assertThatCode(() -> RecordFraming.check(folder)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 8, 11, 131})
  void acceptsAnIntactRecordWithALongerHeader(int type) throws Exception {
    writeLog(record(type, 4, new byte[100], 0), record(1, 0, new byte[10], 0));
    assertThatCode(() -> RecordFraming.check(folder)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16, 32, 64, 128})
  void refusesATypeThatDoesNotMatchTheChecksum(int bit) throws Exception {
    writeLog(record(1, 0, new byte[100], bit), record(1, 0, new byte[10], 0));
    assertThatThrownBy(() -> RecordFraming.check(folder))
        .isInstanceOf(RocksDBException.class)
        .hasMessageContaining("MANIFEST-000001")
        .hasMessageContaining("damaged");
  }

  @Test
  void acceptsATornWriteAtTheEnd() throws Exception {
    byte[] whole = record(1, 0, new byte[100], 0);
    writeLog(record(1, 0, new byte[10], 0), java.util.Arrays.copyOf(whole, 50));
    assertThatCode(() -> RecordFraming.check(folder)).doesNotThrowAnyException();
  }
}
