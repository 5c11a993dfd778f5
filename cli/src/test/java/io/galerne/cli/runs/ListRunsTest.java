package io.galerne.cli.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.client.runs.RunStatus;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ListRunsTest {
  @Test
  void takesEveryStatusThatARunMayHave() {
    assertThat(ListRuns.Status.values())
        .extracting(Enum::name)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(RunStatus.values())
                .filter(status -> status != RunStatus.UNKNOWN)
                .map(Enum::name)
                .toList());
  }
}
