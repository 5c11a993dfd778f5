package io.galerne.cli.events;

import io.galerne.cli.Terminal;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne tail`: follows a stream.
@Command(
    name = "tail",
    header = "Follow events: first what is stored, then what comes.",
    customSynopsis = "galerne tail [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nOn a terminal, each event is a line: when, its sequence, the execution, what happened and"
          + " what is new. In a pipe, it is a line of JSON, as the server sent it.",
      "It comes back by itself where the connection breaks, at the next event, and says so on"
          + " standard error."
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne tail",
      "  galerne tail --start-seq -1 --scope workflow",
      "  galerne tail --workflow-exec-id hello-1 --until-terminal",
      "  galerne tail --root-workflow-exec-id hello-1 --state",
      "  galerne tail --metadata tenant=acme | jq .data.event_type"
    })
public final class Tail implements Callable<Integer> {
  final Supplier<Terminal> terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhich events:%n")
  FilterOptions filters = new FilterOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nFrom where to where:%n")
  Reach reach = new Reach();

  @ArgGroup(validate = false, order = 3, heading = "%nHow it looks:%n")
  Look look = new Look();

  @ArgGroup(validate = false, order = 4, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Reach {
    @Option(
        names = "--start-seq",
        paramLabel = "N",
        defaultValue = "0",
        description = {
          "First sequence wanted; 0 for all that is kept, -1 for only what comes from now on.",
          "Default: ${DEFAULT-VALUE}"
        })
    long startSeq;

    @Option(
        names = "--last-event-id",
        paramLabel = "N",
        description = "Go on behind this sequence, the last that was seen.")
    @Nullable Long lastEventId;

    @Option(
        names = "--until-terminal",
        description = {
          "End when the execution of --workflow-exec-id, or else --root-workflow-exec-id, is over: its"
              + " newest run has completed, failed or been canceled, and nothing has followed for 2 s."
              + " Without either, when any root is over."
        })
    boolean untilTerminal;
  }

  static final class Look {
    @Option(
        names = "--state",
        description = {
          "Show all that a task holds after each of its events. In a pipe: only that, as JSON."
        })
    boolean state;
  }

  public Tail(Supplier<Terminal> terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return new TailRun(this).run();
  }
}
