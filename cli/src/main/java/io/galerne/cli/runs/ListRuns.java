package io.galerne.cli.runs;

import io.galerne.cli.CountConverter;
import io.galerne.cli.Shell;
import io.galerne.cli.events.ServerOptions;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne runs`: which runs there are, and what became of them.
@Command(
    name = "runs",
    header = "List runs of workflows: which run, which failed, how long they took.",
    customSynopsis = "galerne runs [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description =
        "%nOn a terminal it is a table, the newest first, which also says which runs wait for input."
            + " In a pipe, it is a line of JSON for each run, as the server sent it. A time is how"
            + " long ago, as in 2h, or a date, as in 2026-03-30, 2026-03-30T10:00 or"
            + " 2026-03-30T10:00:00Z; without an offset it is local.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne runs",
      "  galerne runs --status RUNNING --watch",
      "  galerne runs --status FAILED --started-after 24h",
      "  galerne runs --workflow document-review --sort END_TIME",
      "  galerne runs --status FAILED | jq -r .execution_id"
    })
public final class ListRuns implements Callable<Integer> {
  /// What a run may be filtered by: [io.galerne.client.RunStatus] without the unknown.
  enum Status {
    RUNNING,
    RETRYING_AFTER_ERROR,
    COMPLETED,
    FAILED,
    CANCELED,
    CONTINUED_AS_NEW,
    TERMINATED,
    TIMED_OUT
  }

  /// By what runs are ordered.
  enum Sort {
    START_TIME,
    END_TIME
  }

  /// In which direction.
  enum Order {
    DESC,
    ASC
  }

  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhich runs:%n")
  Wanted wanted = new Wanted();

  @ArgGroup(validate = false, order = 2, heading = "%nOutput:%n")
  Look look = new Look();

  @ArgGroup(validate = false, order = 3, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Wanted {
    @Option(
        names = "--status",
        paramLabel = "STATUS",
        split = ",",
        hideParamSyntax = true,
        description = "Only runs with one of these: ${COMPLETION-CANDIDATES}.")
    List<Status> status = List.of();

    @Option(
        names = "--workflow",
        paramLabel = "NAME",
        description = "Only runs of the workflow of this name.")
    @Nullable String workflow;

    @Option(
        names = "--root",
        paramLabel = "ID",
        description = "Only runs of this execution and of all that descend from it.")
    @Nullable String root;

    @Option(
        names = "--search",
        paramLabel = "TEXT",
        description = "Only runs with this in their workflow's name or in an id.")
    @Nullable String search;

    @Option(
        names = "--started-after",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that started then or later.")
    @Nullable Instant startedAfter;

    @Option(
        names = "--started-before",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that started then or earlier.")
    @Nullable Instant startedBefore;

    @Option(
        names = "--ended-after",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that ended then or later.")
    @Nullable Instant endedAfter;

    @Option(
        names = "--ended-before",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that ended then or earlier.")
    @Nullable Instant endedBefore;
  }

  static final class Look {
    @Option(
        names = "--sort",
        paramLabel = "TIME",
        description = {
          "START_TIME, or END_TIME, which leaves out runs that have not ended.",
          "Default: START_TIME"
        })
    Sort sort = Sort.START_TIME;

    @Option(
        names = "--order",
        paramLabel = "ORDER",
        description = "DESC, the newest first, or ASC. Default: DESC")
    Order order = Order.DESC;

    @Option(
        names = "--limit",
        paramLabel = "N",
        converter = CountConverter.class,
        description = "At most N. Default: 50 on a terminal and with --watch, all in a pipe")
    @Nullable Integer limit;

    @Option(
        names = "--watch",
        description =
            "Look again every 2 s until Ctrl-C. On a terminal the table is refreshed in place; in a"
                + " pipe, a line follows for each of these N runs that is new or has changed.")
    boolean watch;

    @Option(names = "--json", description = "Lines of JSON on a terminal too.")
    boolean json;

    @Option(
        names = "--wide",
        description = "Cut nothing, and show the ids of runs too. For terminals.")
    boolean wide;
  }

  public ListRuns(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new RunListing(this).run();
  }
}
