package io.galerne.jetstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.jetstream.Progress.End;
import io.galerne.server.log.StreamProgress;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final Progress progress = new Progress();

  @Test
  void reportsThePositionOfTheNodeInTheStream() {
    progress.begin(3, 30);
    progress.catchUpTo(9);
    assertThat(progress.stream()).isEqualTo(new StreamProgress(3, 9));

    progress.applied(new End(5, false, 0, 0), 50);
    progress.streamReaches(12);
    assertThat(progress.stream()).isEqualTo(new StreamProgress(5, 12));

    progress.applied(new End(12, false, 0, 0), 120);
    assertThat(progress.stream()).isEqualTo(new StreamProgress(12, 12));
  }

  @Test
  void isNeverAheadOfTheStream() {
    progress.begin(3, 30);
    progress.catchUpTo(9);
    progress.streamReaches(7); // reported by another server
    assertThat(progress.stream().head()).isEqualTo(9);

    progress.applied(new End(10, false, 0, 0), 100); // delivered before it was reported
    assertThat(progress.stream()).isEqualTo(new StreamProgress(10, 10));
  }
}
