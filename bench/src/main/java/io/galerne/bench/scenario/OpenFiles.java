package io.galerne.bench.scenario;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The limit on open files, which scenarios with many connections meet. The JVM raises it to the
/// hard limit for itself and for the servers it starts.
final class OpenFiles {
  /// The open files of a server besides its connections.
  private static final int OTHERS = 1_000;

  private OpenFiles() {}

  /// @throws IllegalStateException if that many connections cannot be open at once
  static void require(int connections) {
    List<String> limits;
    try {
      limits = Files.readAllLines(Path.of("/proc/self/limits"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the limit on open files", e);
    }
    String limit =
        limits.stream()
            .filter(line -> line.startsWith("Max open files"))
            .map(line -> line.split("\\s+", -1)[3])
            .findFirst()
            .orElse("unlimited");
    if (!limit.equals("unlimited") && Long.parseLong(limit) < connections + OTHERS) {
      throw new IllegalStateException(
          "%d connections need `ulimit -n %d` or more, but it is %s"
              .formatted(connections, connections + OTHERS, limit));
    }
  }
}
