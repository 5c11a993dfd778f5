package io.galerne.jetstream;

import static java.util.Objects.requireNonNull;

import io.galerne.server.log.Block;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Assembles the messages of a stream into commits. If its parts are not consecutive, a commit is
/// torn: its writer died, or another was faster. It never counts, even if the rest arrives later.
///
/// The result depends only on the messages, so it is the same on every node. Used by one thread.
final class CommitAssembler {
  private static final Logger log = LoggerFactory.getLogger(CommitAssembler.class);

  /// The parts of an incomplete commit at the end of the stream; empty if there is none.
  private final List<CommitPart> open = new ArrayList<>();

  private long openEnd;

  /// A complete commit.
  ///
  /// @param position the sequence of its last message in the stream
  record Whole(long position, CommitPart lastPart, List<CommitPart> parts) {
    /// Returns the commit's blocks.
    ///
    /// @throws IllegalArgumentException if the bytes are not blocks, or not those that the parts
    ///     announce
    List<Block> blocks() {
      byte[] bytes = lastPart.message();
      int from = CommitPart.HEADER_BYTES;
      if (parts.size() > 1) {
        from = 0;
        bytes = new byte[parts.stream().mapToInt(CommitPart::length).sum()];
        int at = 0;
        for (CommitPart part : parts) {
          System.arraycopy(part.message(), CommitPart.HEADER_BYTES, bytes, at, part.length());
          at += part.length();
        }
      }
      List<Block> blocks = Block.readAll(bytes, from, bytes.length);
      long next = lastPart.first();
      for (Block block : blocks) {
        if (block.first() != next) {
          throw new IllegalArgumentException("the blocks of a commit are not contiguous");
        }
        next = block.last() + 1;
      }
      if (next != lastPart.last() + 1) {
        throw new IllegalArgumentException("the blocks of a commit end too early or too late");
      }
      return blocks;
    }
  }

  /// Adds a message.
  ///
  /// @param position its sequence in the stream, above all earlier ones
  /// @return the commit that this message completes; null if it completes none
  @Nullable Whole add(long position, byte[] message) {
    CommitPart part;
    try {
      part = CommitPart.read(message);
    } catch (IllegalArgumentException e) {
      log.warn("Message {} of the NATS stream is skipped: {}", position, e.getMessage());
      open.clear();
      return null;
    }
    boolean continues =
        !open.isEmpty() && position == openEnd + 1 && part.continues(open.getLast());
    if (!continues) {
      open.clear();
      if (part.part() > 0) {
        log.debug("Message {} of the NATS stream is of a torn commit", position);
        return null;
      }
    }
    open.add(part);
    openEnd = position;
    if (!part.isLast()) {
      return null;
    }
    Whole whole = new Whole(position, part, List.copyOf(open));
    open.clear();
    return whole;
  }

  /// Returns whether the last added message is of an incomplete commit.
  boolean isOpen() {
    return !open.isEmpty();
  }

  /// Returns the writer of that commit.
  long openWriter() {
    return requireNonNull(open.getLast()).writer();
  }

  /// Drops the incomplete commit, because the next message does not follow it in the stream.
  void clear() {
    open.clear();
  }
}
