package io.galerne.cli.runs;

import io.galerne.cli.Shell;
import io.galerne.cli.events.SequenceConverter;
import io.galerne.cli.events.ServerOptions;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne show`: shows what happened in an execution.
@Command(
    name = "show",
    header = "Show what happened in an execution, and in all that it started.",
    customSynopsis = "galerne show EXECUTION [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%n",
    description = {
      "%nPrints a tree of its runs, activities, tasks and child executions, with the status of each,"
          + " how long it took, how often it was retried, why it failed and its result. To-do lists,"
          + " messages and tool calls of agents are shown as such, and a task that is waiting for"
          + " input says so.",
      "In a pipe, it prints the same lines without colours; with --json, a line of JSON."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne show hello-1",
      "  galerne show hello-1 --timeline",
      "  galerne show hello-1 --at-seq 1000",
      "  galerne show hello-1 --state | jq .value"
    })
public final class ShowExecution implements Callable<Integer> {
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(paramLabel = "EXECUTION", description = "The id of the execution.")
  String execution = "";

  @ArgGroup(validate = false, order = 1, heading = "%nOutput:%n")
  Look look = new Look();

  @ArgGroup(validate = false, order = 2, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Look {
    @Option(
        names = "--timeline",
        description = "Draw bars over time instead of the tree, as wide as the terminal.")
    boolean timeline;

    @Option(
        names = "--state",
        description = {
          "Show the whole value of each custom task of this execution instead of the tree. In a pipe,"
              + " print a line of JSON per task."
        })
    boolean state;

    @Option(
        names = "--at-seq",
        paramLabel = "N",
        converter = SequenceConverter.class,
        description = "Show everything as it was after the event with this sequence.")
    @Nullable Long atSeq;

    @Option(
        names = "--internal",
        description = "Also show the activities that workers run for themselves.")
    boolean internal;

    @Option(names = "--json", description = "Print a line of JSON, as the server sent it.")
    boolean json;

    @Option(names = "--wide", description = "On a terminal, shorten nothing.")
    boolean wide;
  }

  public ShowExecution(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new ExecutionShow(this).run();
  }
}
