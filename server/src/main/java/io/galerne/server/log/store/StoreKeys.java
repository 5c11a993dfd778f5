package io.galerne.server.log.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.galerne.server.log.IdHash;
import java.nio.ByteBuffer;
import java.util.Arrays;

/// All keys of the store, format version 2. Numbers are big-endian, so that keys sort numerically.
///
/// | family | key | value |
/// |---|---|---|
/// | `default` | `log-id` | the log's id, ASCII |
/// | `default` | `id-key` | two u64: the secret of [IdHash] |
/// | `default` | `oldest` | u64: the oldest retained sequence |
/// | `default` | `buckets` | u64 length of a bucket in ms, u64 number of one, u64 its start in ms |
/// | `default` | `floor` | u64: no sequence up to this one is assigned again; see `--after-restore` |
/// | `default` | `position` | u64: the last applied position of the journal |
/// | `default` | `derived` | u64, the mark: data derived from blocks up to this sequence is on disk |
/// | `default` | `runs` | u64: the version of the family `runs`; another version is rebuilt |
/// | `events` | u64 last sequence of the block | [io.galerne.server.log.Block] |
/// | `index` | u32 segment, u64 key ([io.galerne.server.log.IndexKeys]), u64 last sequence | [PostingList] |
/// | `ids` | u32 bucket, [IdHash] | u64 sequence |
/// | `runs` | see `RunKeys` | see `RunFormat`, in [io.galerne.server.log.runs] |
///
/// A *segment* is a range of 2^20 sequences: its part of the index is dropped as a whole when all
/// its events have expired. A *bucket* is a range of commit times as long as the deduplication
/// window; the last two are kept. Keys contain the last sequence of their value, so that one seek
/// from a position finds the value that contains it.
final class StoreKeys {
  static final byte[] LOG_ID = "log-id".getBytes(US_ASCII);
  static final byte[] ID_KEY = "id-key".getBytes(US_ASCII);
  static final byte[] BUCKETS = "buckets".getBytes(US_ASCII);
  static final byte[] OLDEST = "oldest".getBytes(US_ASCII);
  static final byte[] FLOOR = "floor".getBytes(US_ASCII);
  static final byte[] DERIVED = "derived".getBytes(US_ASCII);
  static final byte[] RUNS = "runs".getBytes(US_ASCII);
  static final byte[] POSITION = "position".getBytes(US_ASCII);

  /// The length of the segment and the key in an index key.
  static final int INDEX_PREFIX = Integer.BYTES + Long.BYTES;

  private static final int SEGMENT_BITS = 20;

  private StoreKeys() {}

  static byte[] number(long number) {
    return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
  }

  static long number(byte[] bytes) {
    return ByteBuffer.wrap(bytes).getLong();
  }

  static int segment(long sequence) {
    return (int) (sequence >>> SEGMENT_BITS);
  }

  static long firstOfSegment(int segment) {
    return Integer.toUnsignedLong(segment) << SEGMENT_BITS;
  }

  static byte[] index(int segment, long key, long lastSequence) {
    return ByteBuffer.allocate(INDEX_PREFIX + Long.BYTES)
        .putInt(segment)
        .putLong(key)
        .putLong(lastSequence)
        .array();
  }

  static boolean samePrefix(byte[] one, byte[] other) {
    return Arrays.equals(one, 0, INDEX_PREFIX, other, 0, INDEX_PREFIX);
  }

  static long lastSequence(byte[] indexKey) {
    return ByteBuffer.wrap(indexKey).getLong(INDEX_PREFIX);
  }

  /// The start of a segment in the index.
  static byte[] segmentStart(int segment) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(segment).array();
  }

  static byte[] id(int bucket, IdHash hash) {
    return id(bucket, hash.high(), hash.low());
  }

  static byte[] id(int bucket, long high, long low) {
    return ByteBuffer.allocate(Integer.BYTES + IdHash.BYTES)
        .putInt(bucket)
        .putLong(high)
        .putLong(low)
        .array();
  }

  /// The start of a bucket in the ids.
  static byte[] bucketStart(int bucket) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(bucket).array();
  }

  static int bucket(byte[] idKey) {
    return ByteBuffer.wrap(idKey).getInt();
  }
}
