package io.galerne.cli.events;

import io.galerne.cli.Terminal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne publish`: sends events from files.
@Command(
    name = "publish",
    header = "Publish events, one a line, from files or standard input.",
    customSynopsis = "galerne publish [OPTIONS] [FILE…]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nEach line is an event as JSON, or {\"event\": …, \"stream\": …, \"metadata\": …}. Events are"
          + " sent in batches, in the order of their lines; each is on disk before it counts.",
      "Publishing the same again is harmless: an event_id that is known is stored once. So after a"
          + " failure, run the same command again.",
      "A line that the server refuses is named on standard error, with every fault, and the others"
          + " are published all the same. Then the exit code is 1."
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
  final Supplier<Terminal> terminal;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "What to publish; standard input where none is" + " given, or for -.",
      hideParamSyntax = true)
  List<String> files = new ArrayList<>();

  @ArgGroup(validate = false, order = 1, heading = "%nWhich server:%n")
  ServerOptions server = new ServerOptions();

  public Publish(Supplier<Terminal> terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    return new PublishRun(spec, terminal.get(), server).publish(files);
  }
}
