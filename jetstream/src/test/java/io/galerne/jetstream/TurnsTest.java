package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TurnsTest {
  /// The commits of the log in order; this node is 1.
  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "'1', 0",
    "'1 1 1', 0",
    "'2 2', 0",
    "'2 1', 1",
    "'1 2 1', 1",
    "'1 2 1 2', 0",
    "'1 2 1 1', 0",
    "'1 2 3 1', 2",
    "'1 2 3 1 3', 1",
    "'1 2 3 1 3 3', 1",
    "'1 2 3 1 2 3', 0",
    "'1 2 2 1 3', 1",
  })
  void waitsForNodesThatCommittedBetweenItsLastTwo(String commits, int awaited) {
    Turns turns = new Turns(1);
    if (!commits.isEmpty()) {
      for (String writer : commits.split(" ")) {
        turns.committed(Long.parseLong(writer));
      }
    }
    assertThat(turns.awaited()).isEqualTo(awaited);
  }

  @Test
  void forgetsOldNodes() {
    Turns turns = new Turns(1);
    LongStream.range(2, 10_000).forEach(turns::committed);
    turns.committed(1);
    assertThat(turns.awaited()).isLessThanOrEqualTo(16);
  }
}
