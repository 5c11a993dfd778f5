package io.galerne.cli.events;

import io.galerne.cli.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne publish`: sends events from files.
@Command(
    name = "publish",
    header = "Publish events, one per line, from files or standard input.",
    customSynopsis = "galerne publish [OPTIONS] [FILE…]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEach line is an event as JSON, or {\"event\": …, \"stream\": …, \"metadata\": …}. Events are"
          + " sent in batches, in the order of their lines. An event counts as published once it is"
          + " on the server's disk.",
      "Publishing the same events again is harmless: the server stores each event_id once. So after a"
          + " failure, run the same command again.",
      "If the server is busy or restarts (429, most 5xx, a broken connection), each batch is tried"
          + " again for up to five minutes, after the wait that the server asks for.",
      "If the server refuses a line, standard error names it with every fault, the other lines are"
          + " published, and the exit code is 1."
    },
    sortOptions = false,
    parameterListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne publish events.ndjson",
      "  my-worker | galerne publish",
      "  galerne publish --url https://events.example.com < events.ndjson"
    })
public final class Publish implements Callable<Integer> {
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "File to publish; standard input if none is given, or if it is -.",
      hideParamSyntax = true)
  List<String> files = new ArrayList<>();

  @ArgGroup(validate = false, order = 1, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  public Publish(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new PublishRun(spec, shell, server).publish(files);
  }
}
