package io.galerne.cli.events;

import io.galerne.cli.Shell;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne export`: writes stored events to a file.
@Command(
    name = "export",
    header = "Write stored events to a file or standard output, one per line.",
    customSynopsis = "galerne export [OPTIONS] [FILE]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEach line is a stream event as JSON: the event, its stream, its metadata and its sequence."
          + " The export ends with the newest event that was stored when it began. If filters hide"
          + " which that is, it ends after three seconds without an event, and says so.",
      "After an interruption, --resume continues after the last whole line of the file. It checks that"
          + " the server still has that event, and refuses to mix two logs.",
      "'galerne import' publishes such a file."
    },
    sortOptions = false,
    parameterListHeading = "%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne export events.ndjson",
      "  galerne export events.ndjson --resume",
      "  galerne export events.ndjson --resume --follow",
      "  galerne export --root-workflow-exec-id hello-1 | gzip > hello.ndjson.gz"
    })
public final class Export implements Callable<Integer> {
  final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      hideParamSyntax = true,
      description = "File to write; standard output if none is given.")
  @Nullable Path file;

  @ArgGroup(validate = false, order = 1, heading = "%nFrom which event to which:%n")
  Reach reach = new Reach();

  @ArgGroup(validate = false, order = 2, heading = "%nWhich events:%n")
  FilterOptions filters = new FilterOptions();

  @ArgGroup(validate = false, order = 3, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  static final class Reach {
    @Option(
        names = "--start-seq",
        paramLabel = "N",
        defaultValue = "0",
        converter = SequenceConverter.class,
        description = "First sequence to write; 0 for everything stored. Default: ${DEFAULT-VALUE}")
    long startSeq;

    @Option(
        names = "--resume",
        description = {
          "Continue after the last whole line of FILE; an incomplete line is written again. If FILE"
              + " does not exist, create it. If --start-seq is beyond that line, continue there."
        })
    boolean resume;

    @Option(names = "--follow", description = "Do not end, but write new events as they arrive.")
    boolean follow;
  }

  public Export(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    return new ExportRun(this).run();
  }
}
