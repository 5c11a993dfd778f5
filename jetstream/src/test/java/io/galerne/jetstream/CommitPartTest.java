package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.server.Seed;
import io.galerne.server.log.Block;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.RandomEvents;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CommitPartTest {
  private static final long WRITER = 0x8899_AABB_CCDD_EEFFL;

  private static byte[] bytes(List<Block> blocks) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    blocks.forEach(block -> out.write(block.bytes(), block.start(), block.length()));
    return out.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 100, 1_000, 40_000, 1 << 20})
  void keepsEveryByteInOrderWithAnyPayload(int payload) {
    Random random = Seed.random("holdsEveryByteOfTheBlocks");
    List<EventRecord> events =
        new RandomEvents(random.nextLong()).records(payload < 100 ? 3 : 200, "acme");
    List<Block> blocks = Commits.blocks(7, events);
    List<CommitPart> parts = CommitPart.cut(blocks, WRITER, 3, CommitPart.HEADER_BYTES + payload);

    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < parts.size(); i++) {
      CommitPart part = CommitPart.read(parts.get(i).message());
      assertThat(part.message().length).isLessThanOrEqualTo(CommitPart.HEADER_BYTES + payload);
      assertThat(part.part()).isEqualTo(i);
      assertThat(part.parts()).isEqualTo(parts.size());
      assertThat(part.writer()).isEqualTo(WRITER);
      assertThat(part.commit()).isEqualTo(3);
      assertThat(part.first()).isEqualTo(7);
      assertThat(part.last()).isEqualTo(6 + events.size());
      assertThat(part.isLast()).isEqualTo(i == parts.size() - 1);
      assertThat(i > 0 && part.continues(parts.get(i - 1))).isEqualTo(i > 0);
      joined.write(part.message(), CommitPart.HEADER_BYTES, part.length());
    }
    assertThat(joined.toByteArray()).isEqualTo(bytes(blocks));
  }

  /// Existing streams keep this format.
  @Test
  void hasTheDocumentedFormat() {
    List<Block> blocks = Commits.blocks(0x0102, List.of(OneServerTest.event("one")));
    CommitPart part =
        CommitPart.cut(blocks, WRITER, 0x0304, CommitPart.HEADER_BYTES + (1 << 20)).getFirst();
    byte[] header = Arrays.copyOf(part.message(), CommitPart.HEADER_BYTES);
    assertThat(HexFormat.of().formatHex(header))
        .isEqualTo(
            "02"
                + "0000"
                + "0001"
                + "8899aabbccddeeff"
                + "0000000000000304"
                + "0000000000000102"
                + "0000000000000102");
  }

  @Test
  void refusesInvalidMessages() {
    byte[] message =
        Commits.parts(1, List.of(OneServerTest.event("one")), WRITER, 1).getFirst().message();
    for (int length = 0; length <= CommitPart.HEADER_BYTES; length++) {
      byte[] cut = Arrays.copyOf(message, length);
      assertThatThrownBy(() -> CommitPart.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }
    assertRefused(message, 0, 1); // another version
    assertRefused(message, 2, 1); // part 1 of 1
    assertRefused(message, 4, 0); // of no parts
    assertRefused(message, 28, 0); // sequence 0
    assertRefused(message, 36, 0); // the last before the first
  }

  private static void assertRefused(byte[] message, int at, int value) {
    byte[] changed = message.clone();
    changed[at] = (byte) value;
    assertThatThrownBy(() -> CommitPart.read(changed)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void partsOfDifferentCommitsDoNotContinueEachOther() {
    List<EventRecord> events = List.of(OneServerTest.event("one"), OneServerTest.event("two"));
    List<CommitPart> parts = Commits.parts(1, events, WRITER, 3);
    assertThat(parts.get(1).continues(parts.get(0))).isTrue();
    assertThat(parts.get(2).continues(parts.get(0))).isFalse();
    assertThat(parts.get(1).continues(parts.get(1))).isFalse();
    assertThat(parts.get(0).continues(parts.get(2))).isFalse();
    assertThat(Commits.parts(1, events, WRITER + 1, 3).get(1).continues(parts.get(0))).isFalse();
    assertThat(Commits.parts(2, events, WRITER, 3).get(1).continues(parts.get(0))).isFalse();
    assertThat(Commits.parts(1, events, WRITER, 4).get(1).continues(parts.get(0))).isFalse();
  }
}
