package io.galerne.server.log.rocksdb;

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

/// Looks at the heads of the records in RocksDB's manifest and write-ahead logs, before RocksDB
/// does. A damaged head is what RocksDB cannot tell from a write that was cut short: it would leave
/// out what follows, or, where the type is one that is never written here, go round for ever.
///
/// Both kinds of file are blocks of 32 KiB; a record lies within one, behind a head of seven bytes:
/// a checksum (4), the length (2) and the type (1), numbers little-endian.
final class RecordFraming {
  private static final int BLOCK = 32 * 1024;
  private static final int HEAD = 7;

  /// Whole, first, middle and last part of what was written at once.
  private static final int LAST_TYPE = 4;

  /// What space holds that was set aside and not written yet.
  private static final int NOT_WRITTEN = 0;

  private final Path file;

  private RecordFraming(Path file) {
    this.file = file;
  }

  /// Checks the files of a database that is not open.
  ///
  /// @throws RocksDBException where a record's head is damaged, or a file cannot be read
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
      if (type > LAST_TYPE || (length > left && holdsShorterRecord(block, at))) {
        throw new RocksDBException(
            "the record at byte " + (start + at) + " of " + file.getFileName() + " is damaged");
      }
      at += HEAD + length;
    }
  }

  /// Whether the record is all there under a smaller length than its head says. Then it was written
  /// whole, and is not the end that was cut short.
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
