package io.galerne.bench;

import io.galerne.bench.scenario.Finding;
import io.galerne.bench.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/// The table of results, and the conditions of the measurement.
final class Report {
  private final Request request;
  private final StringBuilder rows = new StringBuilder();

  Report(Request request) {
    this.request = request;
  }

  void add(Scenario scenario, List<Finding> findings) {
    for (Finding finding : findings) {
      row(scenario, finding.cells());
    }
  }

  void addFailure(Scenario scenario, RuntimeException failure) {
    String why = String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    row(scenario, scenario.work() + " | – | could not be measured: " + why + " | – | – | ");
  }

  String markdown() {
    return """
    | # | work | peer | ours | ratio | target | met |
    |---|---|---|---|---|---|---|
    %s
    %s

    Server and load share the machine's cores. Per CPU-s: by user and system time of the server's
    processes. Latency is from the intended sending to the reader. An event is 512 B as published.

    To repeat: `bench/run %s`
    """
        .formatted(rows, machine(), String.join(" ", request.arguments()));
  }

  private void row(Scenario scenario, String cells) {
    rows.append("| %s | %s |%n".formatted(scenario.id().toUpperCase(Locale.ROOT), cells));
  }

  private String machine() {
    return "%s: %d cores (%s), %s %s, Java %s, files on %s.%s"
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version().feature(),
            fileSystem(),
            request.quick() ? " **A quick run: its figures say little.**" : "");
  }

  private static String processor() {
    try {
      return Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("unknown");
    } catch (IOException e) {
      return "unknown";
    }
  }

  private String fileSystem() {
    try {
      return Files.getFileStore(request.folder()).type();
    } catch (IOException e) {
      return "unknown";
    }
  }
}
