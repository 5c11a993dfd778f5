package io.galerne.jetstream;

import io.galerne.server.log.Block;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// A message of a log's stream: the blocks of one group commit, or a part of them if they are
/// larger than one message. The parts of a commit are consecutive in the stream; a commit counts
/// once all of them are stored.
///
/// Format 2, numbers big-endian:
///
/// | part | is |
/// |---|---|
/// | version | u8: 2 |
/// | part | u16: its place in the commit, from 0 |
/// | parts | u16: the number of messages of the commit |
/// | writer | u64: chosen at random by each node when it starts |
/// | commit | u64: the writer's number of the commit |
/// | first, last | u64 each: the sequences of the commit's first and last event |
/// | blocks | the bytes of [Block]s, side by side, or a part of them |
///
/// @param message the whole message; must not change
record CommitPart(
    byte[] message, int part, int parts, long writer, long commit, long first, long last) {
  static final int HEADER_BYTES = 1 + 2 * Short.BYTES + 4 * Long.BYTES;

  private static final byte VERSION = 2;
  private static final int MOST_PARTS = 0xFFFF;

  /// Reads a message; its bytes are not copied.
  ///
  /// @throws IllegalArgumentException if this is not a message of this version
  static CommitPart read(byte[] message) {
    if (message.length <= HEADER_BYTES || message[0] != VERSION) {
      throw new IllegalArgumentException("not a commit of format " + VERSION);
    }
    ByteBuffer in = ByteBuffer.wrap(message, 1, HEADER_BYTES - 1);
    int part = Short.toUnsignedInt(in.getShort());
    int parts = Short.toUnsignedInt(in.getShort());
    long writer = in.getLong();
    long commit = in.getLong();
    long first = in.getLong();
    long last = in.getLong();
    if (part >= parts || first < 1 || last < first) {
      throw new IllegalArgumentException("the header of a commit is damaged");
    }
    return new CommitPart(message, part, parts, writer, commit, first, last);
  }

  /// Writes a group commit as messages.
  ///
  /// @param blocks the blocks of the commit, in order; at least one
  /// @param mostBytes the size limit of a message
  /// @throws IllegalArgumentException if the number of messages would exceed the format
  static List<CommitPart> cut(List<Block> blocks, long writer, long commit, int mostBytes) {
    int most = mostBytes - HEADER_BYTES;
    int left = blocks.stream().mapToInt(Block::length).sum();
    int parts = (left + most - 1) / most;
    if (parts > MOST_PARTS) {
      throw new IllegalArgumentException(
          "A commit of " + left + " bytes does not fit into messages of " + mostBytes);
    }
    long first = blocks.getFirst().first();
    long last = blocks.getLast().last();
    List<CommitPart> messages = new ArrayList<>(parts);
    int block = 0;
    int offset = 0; // in that block
    for (int part = 0; part < parts; part++) {
      ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + Math.min(left, most));
      out.put(VERSION).putShort((short) part).putShort((short) parts);
      out.putLong(writer).putLong(commit).putLong(first).putLong(last);
      left -= out.remaining();
      while (out.hasRemaining()) {
        Block from = blocks.get(block);
        int length = Math.min(out.remaining(), from.length() - offset);
        out.put(from.bytes(), from.start() + offset, length);
        offset += length;
        if (offset == from.length()) {
          block++;
          offset = 0;
        }
      }
      messages.add(new CommitPart(out.array(), part, parts, writer, commit, first, last));
    }
    return messages;
  }

  boolean isLast() {
    return part == parts - 1;
  }

  /// Returns whether this is the next part of the same commit after `before`.
  boolean continues(CommitPart before) {
    return part == before.part + 1
        && parts == before.parts
        && writer == before.writer
        && commit == before.commit
        && first == before.first
        && last == before.last;
  }

  /// Returns the number of bytes of blocks.
  int length() {
    return message.length - HEADER_BYTES;
  }
}
