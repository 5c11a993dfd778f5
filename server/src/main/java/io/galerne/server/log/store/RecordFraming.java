package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.rocksdb.RocksDBException;

/// Looks at the heads of the records in RocksDB's manifest and write-ahead logs, before RocksDB does.
/// RocksDB cannot tell some damaged heads from a write that was cut short: it would leave out what
/// follows, or never come to an end. Whatever is whole is left to RocksDB, whichever type it has.
///
/// Both kinds of file are blocks of 32 KiB; a record lies within one, after a head of seven bytes:
/// a checksum (4), the length (2) and the type (1), numbers little-endian. Heads of some types have
/// four bytes more. The checksum covers everything after it but the length.
final class RecordFraming {
  private static final int BLOCK = 32 * 1024;
  private static final int HEAD = 7;

  /// The types of a record that holds all of a write, or its first, middle or last part.
  private static final int LAST_DATA_TYPE = 4;

  /// How much longer the heads of some other types are.
  private static final int LONGER_HEAD = 4;

  /// The type in space that was set aside and not written yet.
  private static final int NOT_WRITTEN = 0;

  private final Path file;

  private RecordFraming(Path file) {
    this.file = file;
  }

  /// Checks the files of a database that is not open.
  ///
  /// @throws RocksDBException if a record's head is damaged, or a file cannot be read
  static void check(Path database) throws RocksDBException {
    try {
      for (Path file : recordFiles(database)) {
        new RecordFraming(file).check();
      }
    } catch (IOException e) {
      throw new RocksDBException("cannot read " + e.getMessage());
    }
  }

  private static List<Path> recordFiles(Path database) throws IOException {
    Path current = database.resolve("CURRENT");
    if (!Files.exists(current)) {
      return List.of(); // no database yet
    }
    String manifest = new String(Files.readAllBytes(current), UTF_8).strip();
    try (Stream<Path> files = Files.list(database)) {
      return files.filter(file -> isRecordFile(file.getFileName().toString(), manifest)).toList();
    }
  }

  private static boolean isRecordFile(String name, String manifest) {
    return name.equals(manifest) || name.endsWith(".log");
  }

  private void check() throws IOException, RocksDBException {
    ByteBuffer block = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    try (FileChannel channel = FileChannel.open(file)) {
      for (long start = 0; start < channel.size(); start += BLOCK) {
        block.clear();
        while (block.hasRemaining() && channel.read(block, start + block.position()) >= 0) {
          // until the block is full or the file ends
        }
        checkBlock(block.flip(), start);
      }
    }
  }

  private void checkBlock(ByteBuffer block, long start) throws RocksDBException {
    int at = 0;
    while (block.limit() - at >= HEAD) {
      int length = Short.toUnsignedInt(block.getShort(at + 4));
      int type = Byte.toUnsignedInt(block.get(at + 6));
      if (type == NOT_WRITTEN) {
        return; // RocksDB knows how to take it
      }
      int left = block.limit() - at - HEAD;
      int longer = 0;
      boolean damaged = length > left && holdsShorterRecord(block, at);
      if (type > LAST_DATA_TYPE && length <= left && !isWhole(block, at, length)) {
        longer = LONGER_HEAD;
        damaged = length + longer > left || !isWhole(block, at, length + longer);
      } else if (type > LAST_DATA_TYPE && length > left) {
        damaged = true;
      }
      if (damaged) {
        throw new RocksDBException(
            "the record at byte " + (start + at) + " of " + file.getFileName() + " is damaged");
      }
      at += HEAD + length + longer;
    }
  }

  /// Whether the checksum fits a record of that many bytes after the usual head.
  private static boolean isWhole(ByteBuffer block, int at, int bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(block.slice(at + HEAD - 1, 1 + bytes));
    return masked((int) checksum.getValue()) == block.getInt(at);
  }

  /// Whether the record is all there under a smaller length than its head says. Then it was written
  /// whole, and not cut short.
  private static boolean holdsShorterRecord(ByteBuffer block, int at) {
    int expected = block.getInt(at);
    CRC32C checksum = new CRC32C();
    for (int i = at + HEAD - 1; i < block.limit(); i++) {
      checksum.update(block.get(i));
      if (masked((int) checksum.getValue()) == expected) {
        return true;
      }
    }
    return false;
  }

  /// The form in which RocksDB stores a checksum.
  private static int masked(int checksum) {
    return Integer.rotateRight(checksum, 15) + 0xa282ead8;
  }
}
