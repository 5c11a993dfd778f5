package io.galerne.cli.events;

import io.galerne.cli.Shell;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne import`: publishes exported events.
@Command(
    name = "import",
    header = "Publish the events that 'galerne export' wrote.",
    customSynopsis = "galerne import [OPTIONS] [FILE…]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEach event keeps its id, its time, its stream and its metadata. It gets the next sequence of"
          + " the server.",
      "Importing the same events again is harmless for as long as the server remembers their ids"
          + " (serve --repeat-window). After a failure, it says which --start-seq to continue with."
    },
    sortOptions = false,
    parameterListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne import events.ndjson --url http://127.0.0.1:9000",
      "  galerne export --url http://old:8080 | galerne import --url http://new:8080",
      "  galerne import events.ndjson --start-seq 4711"
    })
public final class Import implements Callable<Integer> {
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "File to import; standard input if none is given, or if it is -.",
      hideParamSyntax = true)
  List<String> files = new ArrayList<>();

  @Option(
      names = "--start-seq",
      paramLabel = "N",
      defaultValue = "0",
      converter = SequenceConverter.class,
      description = "First sequence to import, as in the file. Default: ${DEFAULT-VALUE}")
  long startSeq;

  @ArgGroup(validate = false, order = 1, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  public Import(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new PublishRun(spec, shell, server).importFrom(files, startSeq);
  }
}
