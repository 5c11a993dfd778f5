package io.galerne.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.jetstream.CommitAssembler.Whole;
import io.galerne.server.Seed;
import io.galerne.server.log.Block;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CommitAssemblerTest {
  private final CommitAssembler assembler = new CommitAssembler();

  private static List<CommitPart> commit(long first, long writer, int parts, String... ids) {
    List<EventRecord> events = new ArrayList<>();
    for (String id : ids) {
      events.add(OneServerTest.event(id));
    }
    return Commits.parts(first, events, writer, parts);
  }

  private static List<String> ids(Whole whole) {
    List<String> ids = new ArrayList<>();
    for (Block block : whole.blocks()) {
      for (EventRecord event : block.events()) {
        ids.add(String.valueOf(event.text(Field.EVENT_ID)));
      }
    }
    return ids;
  }

  private Whole add(long position, CommitPart part) {
    return assembler.add(position, part.message());
  }

  @Test
  void aCommitOfOneMessageIsCompleteAtOnce() {
    Whole whole = add(5, commit(1, 1, 1, "a", "b").getFirst());
    assertThat(whole.position()).isEqualTo(5);
    assertThat(ids(whole)).containsExactly("a", "b");
    assertThat(assembler.isOpen()).isFalse();
  }

  @Test
  void aCommitOfSeveralMessagesIsCompleteWithItsLast() {
    List<CommitPart> parts = commit(1, 42, 3, "a", "b", "c");
    assertThat(add(5, parts.get(0))).isNull();
    assertThat(assembler.isOpen()).isTrue();
    assertThat(assembler.openWriter()).isEqualTo(42);
    assertThat(add(6, parts.get(1))).isNull();
    Whole whole = add(7, parts.get(2));
    assertThat(whole.position()).isEqualTo(7);
    assertThat(ids(whole)).containsExactly("a", "b", "c");
    assertThat(assembler.isOpen()).isFalse();
  }

  @Test
  void nonConsecutiveMessagesAreNotACommit() {
    List<CommitPart> parts = commit(1, 1, 3, "a", "b", "c");
    add(1, parts.get(0));
    add(2, parts.get(1));
    assertThat(add(4, parts.get(2))).isNull();
    assertThat(assembler.isOpen()).isFalse();
  }

  @Test
  void anyMessageInBetweenTearsACommit() {
    List<CommitPart> parts = commit(1, 1, 3, "a", "b", "c");
    List<byte[]> others =
        List.of(
            new byte[0],
            "garbage".getBytes(UTF_8),
            commit(1, 2, 1, "x").getFirst().message(),
            commit(1, 2, 3, "x", "y", "z").get(0).message(),
            commit(1, 2, 3, "x", "y", "z").get(1).message(),
            parts.get(2).message());
    for (byte[] other : others) {
      add(1, parts.get(0));
      assembler.add(2, other);
      assertThat(add(3, parts.get(1))).isNull();
      assertThat(add(4, parts.get(2))).isNull();
      assembler.clear();
    }
  }

  @Test
  void aCommitThatStartsOverIsComplete() {
    List<CommitPart> parts = commit(1, 1, 3, "a", "b", "c");
    add(1, parts.get(0));
    add(2, parts.get(1));
    add(3, parts.get(0));
    add(4, parts.get(1));
    assertThat(ids(add(5, parts.get(2)))).containsExactly("a", "b", "c");
  }

  /// Only the messages decide, so a node that starts anywhere agrees with the others.
  @Test
  void everyStartFindsTheSameCommits() {
    Random random = Seed.random("everyStartFindsTheSameCommits");
    List<byte[]> stream = new ArrayList<>();
    long first = 1;
    for (int i = 0; i < 60; i++) {
      int parts = 1 + random.nextInt(4);
      List<CommitPart> commit =
          Commits.parts(
              first, List.of(OneServerTest.event("a" + i), OneServerTest.event("b" + i)), i, parts);
      boolean isTorn = random.nextInt(3) == 0;
      int stored = isTorn ? random.nextInt(parts) : parts;
      commit.subList(0, stored).forEach(part -> stream.add(part.message()));
      first += isTorn ? 0 : 2;
      if (random.nextInt(5) == 0) {
        stream.add(new byte[random.nextInt(50)]);
      }
    }
    List<Long> all = positions(stream, 0);
    assertThat(all).isNotEmpty();
    for (int start = 0; start < stream.size(); start++) {
      if (start == 0 || all.contains((long) start)) { // a view may end here
        long from = start;
        assertThat(positions(stream, start))
            .isEqualTo(all.stream().filter(position -> position > from).toList());
      }
    }
  }

  private static List<Long> positions(List<byte[]> stream, int start) {
    CommitAssembler assembler = new CommitAssembler();
    List<Long> positions = new ArrayList<>();
    for (int i = start; i < stream.size(); i++) {
      if (assembler.add(i + 1, stream.get(i)) != null) {
        positions.add(i + 1L);
      }
    }
    return positions;
  }

  @Test
  void refusesBytesThatAreNotBlocks() {
    byte[] message = commit(1, 1, 1, "a", "b").getFirst().message();
    for (int length = CommitPart.HEADER_BYTES + 1; length < message.length; length++) {
      Whole whole = assembler.add(1, Arrays.copyOf(message, length));
      assertThatThrownBy(whole::blocks).isInstanceOf(IllegalArgumentException.class);
    }
    byte[] otherEnd = message.clone();
    otherEnd[CommitPart.HEADER_BYTES - 1] = 9; // the header's last sequence
    Whole whole = assembler.add(1, otherEnd);
    assertThatThrownBy(whole::blocks).isInstanceOf(IllegalArgumentException.class);
  }
}
