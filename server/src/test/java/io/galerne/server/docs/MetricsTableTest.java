package io.galerne.server.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.RunningServer;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTableTest {
  @TempDir Path data;

  @Test
  void hasEveryMetricWithItsKindAndNoOther() {
    try (RunningServer server = RunningServer.start(data)) {
      server.get("/health/live"); // requests are counted from the first one on
      List<String> scraped =
          Documents.all("^# TYPE (\\S+ \\S+)$", server.get("/metrics").body()).stream()
              .sorted()
              .toList();

      assertThat(documented().sorted().toList()).isEqualTo(scraped);
    }
  }

  private static Stream<String> documented() {
    return Documents.table(Documents.text("docs/operations.md"), "## Monitoring").stream()
        .map(row -> row.get(0).replace("`", "") + " " + row.get(1));
  }
}
