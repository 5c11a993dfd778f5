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

/// `galerne runs`: lists runs and their status.
@Command(
    name = "runs",
    header = "List workflow runs: which are running, which failed, how long they took.",
    customSynopsis = "galerne runs [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description =
        "%nOn a terminal, it prints a table, newest first, that also shows which runs are waiting for"
            + " input. In a pipe, it prints a line of JSON per run, as the server sent it. A TIME is"
            + " an age, such as 2h, or a date, such as 2026-03-30, 2026-03-30T10:00 or"
            + " 2026-03-30T10:00:00Z. A date without an offset is in local time.",
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
  /// The statuses to filter by: [io.galerne.client.runs.RunStatus] without the unknown.
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

  /// The time by which runs are ordered.
  enum Sort {
    START_TIME,
    END_TIME
  }

  /// The direction of the order.
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
        description =
            "Only runs with one of these statuses, separated by commas: ${COMPLETION-CANDIDATES}.")
    List<Status> status = List.of();

    @Option(
        names = "--workflow",
        paramLabel = "NAME",
        description = "Only runs of workflows with this name.")
    @Nullable String workflow;

    @Option(
        names = "--root",
        paramLabel = "ID",
        description = "Only runs of this execution and all its descendants.")
    @Nullable String root;

    @Option(
        names = "--search",
        paramLabel = "TEXT",
        description = "Only runs with this text in their workflow's name or in an id.")
    @Nullable String search;

    @Option(
        names = "--started-after",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that started at or after this time.")
    @Nullable Instant startedAfter;

    @Option(
        names = "--started-before",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that started at or before this time.")
    @Nullable Instant startedBefore;

    @Option(
        names = "--ended-after",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that ended at or after this time.")
    @Nullable Instant endedAfter;

    @Option(
        names = "--ended-before",
        paramLabel = "TIME",
        converter = MomentConverter.class,
        description = "Only runs that ended at or before this time.")
    @Nullable Instant endedBefore;
  }

  static final class Look {
    @Option(
        names = "--sort",
        paramLabel = "FIELD",
        description = {
          "START_TIME, or END_TIME, which leaves out runs that have not ended.",
          "Default: START_TIME"
        })
    Sort sort = Sort.START_TIME;

    @Option(
        names = "--order",
        paramLabel = "ORDER",
        description = "DESC, newest first, or ASC, oldest first. Default: DESC")
    Order order = Order.DESC;

    @Option(
        names = "--limit",
        paramLabel = "N",
        converter = CountConverter.class,
        description =
            "Show at most N runs. Default: 50 on a terminal or with --watch, all in a pipe")
    @Nullable Integer limit;

    @Option(
        names = "--watch",
        description =
            "Refresh every 2 s until Ctrl-C. On a terminal, the table is refreshed in place; in"
                + " a pipe, a line follows for each of the N runs that is new or has changed.")
    boolean watch;

    @Option(names = "--json", description = "Print lines of JSON on a terminal too.")
    boolean json;

    @Option(
        names = "--wide",
        description = "On a terminal, shorten nothing, and also show run ids.")
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
