package io.galerne.bench;

import io.galerne.bench.scenario.Scenario;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;

/// What the command line asks for.
///
/// @param launcher the `galerne` script that starts our server
/// @param folder where the servers' files go
/// @param logEvents events in the largest log of P7
record Request(
    List<Scenario> scenarios,
    boolean quick,
    boolean help,
    Path launcher,
    Path folder,
    int logEvents,
    List<String> arguments) {
  private static final int LOG_EVENTS = 10_000_000;
  private static final int QUICK_LOG_EVENTS = 200_000;

  /// P7 compares a large log with one of 100,000 events.
  private static final int LEAST_LOG_EVENTS = 200_000;

  /// @throws IllegalArgumentException where an argument is unknown; the message is for its author
  static Request parse(List<String> arguments, List<Scenario> known) {
    List<Scenario> scenarios = new ArrayList<>();
    boolean quick = false;
    boolean help = arguments.isEmpty();
    Path launcher = Path.of("galerne");
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    int logEvents = 0;
    for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      switch (argument) {
        case "--help", "-h" -> help = true;
        case "--quick" -> quick = true;
        case "--launcher" -> launcher = Path.of(value(argument, rest));
        case "--folder" -> folder = Path.of(value(argument, rest));
        case "--log-events" -> logEvents = logEvents(value(argument, rest));
        case "all" -> scenarios.addAll(known);
        default -> scenarios.add(scenario(argument, known));
      }
    }
    if (logEvents == 0) {
      logEvents = quick ? QUICK_LOG_EVENTS : LOG_EVENTS;
    }
    return new Request(
        List.copyOf(scenarios),
        quick,
        help || scenarios.isEmpty(),
        launcher.toAbsolutePath(),
        folder,
        logEvents,
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
    --log-events N    events in the largest log of p7 (default %,d; of about 1 KB each)
    --folder DIR      where the servers store (default: the temporary folder); on a real disk,
                      or syncing costs nothing
    --launcher FILE   the script that starts our server (default: galerne)

    Peers: nchan (Debian: nginx-light, libnginx-mod-nchan) and NATS JetStream (nats-server); for p11
    Mistral's own clients, which tests/official-clients/run --install installs.
    Progress goes to stderr, the table to stdout. Nothing else should run meanwhile.
    """
        .formatted(scenarios, LOG_EVENTS);
  }

  private static String value(String option, Iterator<String> rest) {
    if (!rest.hasNext()) {
      throw new IllegalArgumentException(option + " needs a value; see --help");
    }
    return rest.next();
  }

  private static int logEvents(String value) {
    int events = Integer.parseInt(value.replace("_", ""));
    if (events < LEAST_LOG_EVENTS) {
      throw new IllegalArgumentException(
          "--log-events must be %d or more".formatted(LEAST_LOG_EVENTS));
    }
    return events;
  }

  private static Scenario scenario(String id, List<Scenario> known) {
    return known.stream()
        .filter(scenario -> scenario.id().equals(id))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown: " + id + "; see --help"));
  }
}
