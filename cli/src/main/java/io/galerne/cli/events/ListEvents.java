package io.galerne.cli.events;

import io.galerne.cli.CountConverter;
import io.galerne.cli.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne list`: shows the stored events.
@Command(
    name = "list",
    header = "List stored events, then end.",
    customSynopsis = "galerne list [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description =
        "%nOn a terminal, it prints a table, with the sequence of each event if the server's stream"
            + " has it. In a pipe, it prints each event as a line of JSON, as the server sent it. It"
            + " fetches all pages, unless --limit is given. If the server is busy or restarts, it"
            + " tries again for up to five minutes.",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne list --limit 20",
      "  galerne list --root-workflow-exec-id hello-1",
      "  galerne list --workflow-exec-id hello-1 | jq -r .event_type"
    })
public final class ListEvents implements Callable<Integer> {
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhich events:%n")
  Wanted wanted = new Wanted();

  @ArgGroup(validate = false, order = 2, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Wanted extends ExecutionOptions {
    @Option(
        names = "--workflow-run-id",
        paramLabel = "ID",
        description = "Only events of this run of an execution.")
    @Nullable String workflowRunId;

    @Option(
        names = "--limit",
        paramLabel = "N",
        converter = CountConverter.class,
        description = "At most N events, the oldest first. Default: all")
    @Nullable Integer limit;

    @Option(
        names = "--wide",
        description = "On a terminal, shorten nothing, and also show run and event ids.")
    boolean wide;
  }

  public ListEvents(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new ListRun(this).run();
  }
}
