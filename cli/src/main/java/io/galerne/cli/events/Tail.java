package io.galerne.cli.events;

import io.galerne.cli.Shell;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne tail`: follows a stream.
@Command(
    name = "tail",
    header = "Follow events: first the stored ones, then new ones as they arrive.",
    customSynopsis = "galerne tail [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nOn a terminal, each event is a line: its time, its sequence, the execution, what happened"
          + " and the new value. In a pipe, each is a line of JSON, as the server sent it.",
      "If the connection breaks, it reconnects and continues with the next event, and says so on"
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
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @ArgGroup(validate = false, order = 1, heading = "%nWhich events:%n")
  FilterOptions filters = new FilterOptions();

  @ArgGroup(validate = false, order = 2, heading = "%nFrom which event to which:%n")
  Reach reach = new Reach();

  @ArgGroup(validate = false, order = 3, heading = "%nOutput:%n")
  Look look = new Look();

  @ArgGroup(validate = false, order = 4, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Reach {
    @Option(
        names = "--start-seq",
        paramLabel = "N",
        defaultValue = "0",
        converter = SequenceConverter.OrNow.class,
        description = {
          "First sequence to show; 0 for everything stored, a negative number for new events only.",
          "Default: ${DEFAULT-VALUE}"
        })
    long startSeq;

    @Option(
        names = "--last-event-id",
        paramLabel = "N",
        converter = SequenceConverter.class,
        description = "Continue after this sequence, the last one that you have seen.")
    @Nullable Long lastEventId;

    @Option(
        names = "--until-terminal",
        description = {
          "End when the execution of --workflow-exec-id, or else of --root-workflow-exec-id, is"
              + " over: its newest run has completed, failed or been canceled, and nothing has"
              + " followed for 2 s. Without either, end when any root execution is over."
        })
    boolean untilTerminal;
  }

  static final class Look {
    @Option(
        names = "--state",
        description = {
          "Show the whole value of a task after each of its events. In a pipe, print only that, as"
              + " JSON."
        })
    boolean state;

    @Option(
        names = "--wide",
        description = "On a terminal, shorten nothing, and also show run and event ids.")
    boolean wide;
  }

  public Tail(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new TailRun(this).run();
  }
}
