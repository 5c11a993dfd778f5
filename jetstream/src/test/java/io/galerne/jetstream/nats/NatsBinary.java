package io.galerne.jetstream.nats;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A `nats-server` that tests run: Debian's, or a newer one.
record NatsBinary(Path path) {
  private static final String PROPERTY = "galerne.nats-server";
  private static final String NEWER = "tests/nats/.venv/bin/nats-server";
  private static final List<String> USUAL = List.of("/usr/sbin", "/usr/local/bin");
  private static final Pattern VERSION = Pattern.compile("v(\\d\\S*)");

  /// Returns the binary of the system property `galerne.nats-server`, or the first on the `PATH`
  /// and in the folders of packages.
  ///
  /// @throws IllegalStateException if there is none
  static NatsBinary find() {
    String named = System.getProperty(PROPERTY);
    if (named != null) {
      return new NatsBinary(Path.of(named).toAbsolutePath());
    }
    String[] path = System.getenv().getOrDefault("PATH", "").split(File.pathSeparator);
    return Stream.concat(Stream.of(path), USUAL.stream())
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "nats-server").toAbsolutePath())
        .filter(Files::isExecutable)
        .findFirst()
        .map(NatsBinary::new)
        .orElseThrow(() ->
            new IllegalStateException(
                "No nats-server: install Debian's package of that name, or name one with -D"
                    + PROPERTY));
  }

  /// Returns the binary that `tests/nats/install` installed.
  ///
  /// @throws IllegalStateException if it is not installed
  static NatsBinary newer() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path binary = folder.resolve(NEWER);
      if (Files.isExecutable(binary)) {
        return new NatsBinary(binary);
      }
    }
    throw new IllegalStateException("No newer nats-server: run tests/nats/install");
  }

  /// Returns its version, such as `2.9.10`.
  String version() {
    try {
      Process process =
          new ProcessBuilder(path.toString(), "--version").redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes()).strip();
      process.waitFor(5, TimeUnit.SECONDS);
      Matcher version = VERSION.matcher(said);
      if (!version.find()) {
        throw new IllegalStateException(path + " says no version, but: " + said);
      }
      return version.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " does not run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
