package io.galerne.bench.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// One of Mistral's own clients, in a separate process, that reads events and measures the time.
public final class OfficialClient {
  private final String name;
  private final List<String> command;

  private OfficialClient(String name, List<String> command) {
    this.name = name;
    this.command = command;
  }

  /// The client for Python.
  ///
  /// @param folder where `run --install` has installed the clients
  public static OfficialClient python(Path folder) {
    return new OfficialClient(
        "Python client",
        List.of(path(folder, ".venv/bin/python"), path(folder, "reading/read.py")));
  }

  /// The client for TypeScript.
  ///
  /// @param folder where `run --install` has installed the clients
  public static OfficialClient typescript(Path folder) {
    return new OfficialClient(
        "TypeScript client", List.of("node", path(folder, "reading/read.mjs")));
  }

  private static String path(Path folder, String file) {
    return folder.resolve(file).toString();
  }

  public String name() {
    return name;
  }

  /// Reads the first events of a server, and returns the events per second, without the time to
  /// start and warm up.
  public double eventsPerSecond(String url, int events) {
    List<String> whole = new ArrayList<>(command);
    whole.add(url);
    whole.add(Integer.toString(events));
    try {
      Process process =
          new ProcessBuilder(whole).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String seconds = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "the " + name + " failed; tests/official-clients/run --install installs it");
      }
      return events / Double.parseDouble(seconds);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run the " + name, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the " + name + " read", e);
    }
  }
}
