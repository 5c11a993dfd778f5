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

/// `galerne show`: what happened in an execution.
@Command(
    name = "show",
    header = "Show what happened in an execution, and in all that it started.",
    customSynopsis = "galerne show EXECUTION [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%n",
    description = {
      "%nA tree of its runs, activities, tasks and child executions: how far each is, how long it"
          + " took, how often it was tried again, why it failed and what it came to. To-do lists,"
          + " messages and tool calls of agents are shown as what they are, and a task that waits for"
          + " input says so.",
      "In a pipe, the same lines without colours; with --json, a line of JSON."
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
        description = "Bars over time in place of the tree, as wide as the terminal.")
    boolean timeline;

    @Option(
        names = "--state",
        description = {
          "What each custom task of this execution holds, in full, in place of the tree. In a pipe: a"
              + " line of JSON for each."
        })
    boolean state;

    @Option(
        names = "--at-seq",
        paramLabel = "N",
        converter = SequenceConverter.class,
        description = "Everything as it was after the event with this sequence.")
    @Nullable Long atSeq;

    @Option(
        names = "--internal",
        description = "Show the activities that workers run for themselves too.")
    boolean internal;

    @Option(names = "--json", description = "A line of JSON, as the server sent it.")
    boolean json;

    @Option(names = "--wide", description = "Cut nothing. For terminals.")
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
