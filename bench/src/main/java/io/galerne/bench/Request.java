package io.galerne.bench;

import io.galerne.bench.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// The arguments of the command line.
///
/// @param launcher the `galerne` script that starts our server
/// @param folder the folder for the servers' files
/// @param logSizes the numbers of events at which a growing log is measured
record Request(
    List<Scenario> scenarios,
    boolean quick,
    boolean help,
    Path launcher,
    Path folder,
    List<Integer> logSizes,
    List<String> arguments) {
  private static final List<Integer> LOG_SIZES =
      List.of(100_000, 1_000_000, 10_000_000, 30_000_000);
  private static final List<Integer> QUICK_LOG_SIZES = List.of(10_000, 50_000);

  /// Makes whole batches and enough executions to replay.
  private static final int LOG_SIZE_STEP = 10_000;

  /// @throws IllegalArgumentException if an argument is unknown; the message is for the user
  static Request parse(List<String> arguments, List<Scenario> known) {
    List<Scenario> scenarios = new ArrayList<>();
    boolean quick = false;
    boolean help = arguments.isEmpty();
    Path launcher = Path.of("galerne");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    List<Integer> logSizes = List.of();
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      switch (argument) {
        case "--help", "-h" -> help = true;
        case "--quick" -> quick = true;
        case "--launcher" -> launcher = Path.of(value(argument, rest));
        case "--folder" -> folder = Path.of(value(argument, rest));
        case "--log-events" -> logSizes = logSizes(value(argument, rest));
        case "all" -> scenarios.addAll(known);
        default -> scenarios.add(scenario(argument, known));
      }
    }
    if (logSizes.isEmpty()) {
      logSizes = quick ? QUICK_LOG_SIZES : LOG_SIZES;
    }
    return new Request(
        List.copyOf(scenarios),
        quick,
        help || scenarios.isEmpty(),
        launcher.toAbsolutePath(),
        folder,
        logSizes,
        arguments);
  }

  static String helpText(List<Scenario> known) {
    String scenarios =
        known.stream()
            .map(scenario -> "  %-4s %s%n".formatted(scenario.id(), scenario.work()))
            .collect(Collectors.joining());
    return """
    Measures galerne beside its peers, on this machine, and prints a Markdown table.

    bench/run [options] all | SCENARIO…

    %s
    --quick           a smoke run of seconds; its figures say little
    --log-events N,…  numbers of events at which p7 and n3 measure their log, ascending; multiples of
                      10_000 (default 100_000,1_000_000,10_000_000,30_000_000)
    --folder DIR      where the servers store (default: the temporary folder); on a real disk,
                      or syncing costs nothing
    --launcher FILE   the script that starts our server (default: galerne)

    Scenarios that compare speeds of servers take three turns, the servers in alternation; p7, p9, p13
    and n3 take one. P12 of the targets is n2 and n3.

    Peers: durable-streams-server (cargo install --locked --version 0.1.5 durable-streams), found on
    the PATH or in ~/.cargo/bin; nchan (Debian: nginx-light, libnginx-mod-nchan); NATS JetStream
    (nats-server); for p11 Mistral's own clients, which tests/official-clients/run --install installs.
    Progress goes to stderr, the table to stdout. Nothing else should run meanwhile.
    """
        .formatted(scenarios);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value; see --help");
    }
    return rest.next();
  }

  private static List<Integer> logSizes(String value) {
    List<Integer> sizes = new ArrayList<>();
    for (String part : value.replace("_", "").split(",", -1)) {
      int least = sizes.isEmpty() ? LOG_SIZE_STEP : sizes.getLast() + LOG_SIZE_STEP;
      int size = part.matches("\\d{1,9}") ? Integer.parseInt(part) : 0;
      if (size < least || size % LOG_SIZE_STEP != 0) {
        throw new IllegalArgumentException(
            "--log-events has %s: give multiples of 10_000 in ascending order, such as 100_000,1_000_000"
                .formatted(part.isEmpty() ? "an empty number" : part));
      }
      sizes.add(size);
    }
    return List.copyOf(sizes);
  }

  private static Scenario scenario(String id, List<Scenario> known) {
    return known.stream()
        .filter(scenario -> scenario.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown: " + id + "; see --help"));
  }
}
