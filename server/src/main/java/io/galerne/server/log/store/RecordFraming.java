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

/// Checks the record headers of RocksDB's manifest and write-ahead logs before RocksDB reads them.
/// RocksDB mistakes some damaged headers for a torn write: it would skip the records that follow,
/// or loop forever. Intact records of any type are left to RocksDB.
///
/// Both kinds of file consist of blocks of 32 KiB. A record lies within one block, after a header
/// of seven bytes: checksum (4), length (2) and type (1), little-endian. Headers of some types have
/// four more bytes. The checksum covers everything after it except the length.
final class RecordFraming {
  private static final int BLOCK = 32 * 1024;
  private static final int HEAD = 7;

  /// Types 1 to 4 are records with a whole write, or its first, middle or last part.
  private static final int LAST_DATA_TYPE = 4;

  /// The number of extra header bytes of some other types.
  private static final int LONGER_HEAD = 4;

  /// The type in preallocated space.
  private static final int NOT_WRITTEN = 0;

  private final Path file;

  private RecordFraming(Path file) {
    this.file = file;
  }

  /// Checks the files of a database that is not open.
  ///
  /// @throws RocksDBException if a record's header is damaged, or a file cannot be read
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
        return; // RocksDB handles it
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

  /// Whether the checksum matches a record of this many bytes after the seven-byte header.
  private static boolean isWhole(ByteBuffer block, int at, int bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(block.slice(at + HEAD - 1, 1 + bytes));
    return masked((int) checksum.getValue()) == block.getInt(at);
  }

  /// Whether the checksum matches a smaller length than the header's. Then the write was not torn:
  /// the length is damaged.
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

  /// The masked checksum, as RocksDB stores it.
  private static int masked(int checksum) {
    return Integer.rotateRight(checksum, 15) + 0xa282ead8;
  }
}
