package io.galerne.cli.demo;

import io.galerne.cli.CountConverter;
import io.galerne.cli.Examples;
import io.galerne.cli.Shell;
import io.galerne.cli.StopSignal;
import io.galerne.cli.logging.StderrLogging;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `galerne demo`: shows a server at work, in twenty seconds and without any setup.
@Command(
    name = "demo",
    header = "Watch workflows run on a server of their own.",
    customSynopsis = "galerne demo [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    description = {
      "%nStarts a server on a temporary folder, runs a few workflows that publish their events to"
          + " it, and follows its stream: each line is an event that has arrived. At the end, it"
          + " compares the events that were published with those that arrived.",
      "Colours are for terminals only; NO_COLOR turns them off."
    },
    sortOptions = false,
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne demo",
      "  galerne demo --forever --speed 3",
      "  galerne demo --speed 10 | cat"
    })
public final class Demo implements Callable<Integer> {
  private final Shell shell;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--forever", description = "Continue with new executions until Ctrl-C.")
  private boolean forever;

  @Option(
      names = "--speed",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "How many times faster than real time, from 0.01 to 1000. Default: ${DEFAULT-VALUE}")
  private double speed;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      converter = CountConverter.class,
      defaultValue = "0",
      description = "Port of the server; 0 picks a free one. Default: ${DEFAULT-VALUE}")
  private int port;

  public Demo(Shell shell) {
    this.shell = shell;
  }

  @Override
  public Integer call() throws Exception {
    StderrLogging.onlyWarnings();
    PrintWriter out = spec.commandLine().getOut();
    DemoRun run = new DemoRun(out, shell.terminal(), new DemoRun.Options(forever, speed, port));
    try (StopSignal _ = StopSignal.onStop(() -> exitCode(run.stop()))) {
      boolean agreed = run.run();
      next(out);
      return exitCode(agreed);
    }
  }

  private static int exitCode(boolean agreed) {
    return agreed ? 0 : 1;
  }

  private static void next(PrintWriter out) {
    out.println();
    out.println("Now with a server of your own:");
    List.of("./galerne serve", Examples.FOLLOW, Examples.PUBLISH, Examples.LIST)
        .forEach(command -> out.print(command.indent(2)));
    out.flush();
  }
}
