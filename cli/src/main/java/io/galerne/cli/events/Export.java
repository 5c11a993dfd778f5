package io.galerne.cli.events;

import io.galerne.cli.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
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
    header = "Write stored events to a file or standard output, one a line.",
    customSynopsis = "galerne export [OPTIONS] [FILE]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEach line is a stream event as JSON: the event, its stream, its metadata and its sequence."
          + " It ends with the newest event that was there when it began; where filters keep it from"
          + " knowing which that is, after three seconds in which nothing came, and it says so.",
      "After an interruption, --resume goes on behind the last whole line of the file.",
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
  final Supplier<Terminal> terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      arity = "0..1",
      hideParamSyntax = true,
      description = "Where to write; standard output where it is not given.")
  @Nullable Path file;

  @ArgGroup(validate = false, order = 1, heading = "%nFrom where to where:%n")
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
        description = "First sequence wanted; 0 for all that is kept. Default: ${DEFAULT-VALUE}")
    long startSeq;

    @Option(
        names = "--resume",
        description = {
          "Go on behind the last whole line of FILE; a line that was cut is written anew."
              + " Where FILE is not there yet, begin it."
        })
    boolean resume;

    @Option(names = "--follow", description = "Do not end; write what comes.")
    boolean follow;
  }

  public Export(Supplier<Terminal> terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return new ExportRun(this).run();
  }
}
