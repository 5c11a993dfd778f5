package io.galerne.cli;

import io.galerne.cli.demo.Demo;
import io.galerne.cli.events.Export;
import io.galerne.cli.events.Import;
import io.galerne.cli.events.ListEvents;
import io.galerne.cli.events.Publish;
import io.galerne.cli.events.Tail;
import io.galerne.cli.keys.Keys;
import io.galerne.cli.runs.ListRuns;
import io.galerne.cli.runs.ShowExecution;
import io.galerne.cli.serve.Serve;
import io.galerne.cli.serve.WarmUp;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.RunLast;
import picocli.CommandLine.Spec;

/// The `galerne` command.
@Command(
    name = "galerne",
    versionProvider = Version.class,
    header = "Galerne, an event server for workflows: publish, follow live, replay, look up.%n",
    customSynopsis = "galerne COMMAND [OPTIONS]",
    synopsisHeading = "Usage: ",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne demo                        see it at work, in twenty seconds",
      "  galerne serve                       listen on http://127.0.0.1:8080",
      "  galerne serve --port 9000 --data /var/lib/galerne --retention-age 90d",
      "  galerne tail                        follow the events of that server",
      "  galerne runs --status RUNNING       see what is running",
      "  galerne publish events.ndjson       publish events, one per line",
      "  galerne keys add --namespace acme --may read,publish",
      "",
      "'galerne help COMMAND' explains a command."
    })
public final class Galerne implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Galerne() {}

  /// Runs the command and ends the process: 0 on success, 1 for a failure, 2 for wrong usage or
  /// settings, 141 if nothing reads the output any more.
  public static void main(String[] args) {
    if (args.length > 0 && args[0].equals("serve")) {
      WarmUp.begin();
    }
    refuseGarbled(args);
    CommandLine command = commandLine(new Shell(System.getenv(), Terminal::ofProcess));
    command.setOut(StandardOutput.ofProcess());
    command.setErr(writer(System.err));
    System.exit(command.execute(args));
  }

  /// In the locale `C`, Java decodes arguments as ASCII and replaces all other characters: a filter
  /// would silently match nothing.
  private static void refuseGarbled(String[] args) {
    String encoding = System.getProperty("sun.jnu.encoding", "UTF-8");
    boolean garbled = Arrays.stream(args).anyMatch(arg -> arg.indexOf('\uFFFD') >= 0);
    if (garbled && !encoding.equalsIgnoreCase("UTF-8")) {
      System.err.println(
          "galerne: an argument has characters that the locale's character set ("
              + encoding
              + ") lacks: set LC_ALL=C.UTF-8");
      System.exit(CommandLine.ExitCode.USAGE);
    }
  }

  private static PrintWriter writer(PrintStream stream) {
    return new PrintWriter(new OutputStreamWriter(stream, stream.charset()), true);
  }

  /// Returns the command with all of its subcommands.
  static CommandLine commandLine(Shell shell) {
    EnvironmentDefaults defaults = new EnvironmentDefaults(shell.environment());
    CommandLine serve = new CommandLine(new Serve());
    serve.setDefaultValueProvider(defaults.all());
    CommandLine keys = new CommandLine(new Keys());
    keys.addSubcommand(new Keys.Add());
    keys.addSubcommand(new Keys.ListAll(shell));
    keys.addSubcommand(new Keys.Revoke());
    keys.setDefaultValueProvider(defaults.only(Set.of("--keys")));
    CommandLine galerne = new CommandLine(new Galerne());
    galerne.addSubcommand(serve);
    galerne.addSubcommand(new Demo(shell));
    for (Object command : eventCommands(shell)) {
      CommandLine line = new CommandLine(command);
      line.setDefaultValueProvider(defaults.only(Set.of("--url", "--api-key", "--ca-cert")));
      galerne.addSubcommand(line);
    }
    galerne.addSubcommand(keys);
    galerne.addSubcommand(new Help());
    galerne.addSubcommand(new Completion());
    addHelp(galerne);
    OptionSpec version =
        OptionSpec.builder("--version").versionHelp(true).description("Print the version.").build();
    galerne.getCommandSpec().addOption(version);

    ErrorLine errors = new ErrorLine(defaults);
    galerne.setParameterExceptionHandler(errors);
    galerne.setExecutionExceptionHandler(errors);
    galerne.setExecutionStrategy(parsed -> errors.finish(galerne, run(parsed, defaults)));
    galerne.setUsageHelpAutoWidth(true);
    galerne.setCaseInsensitiveEnumValuesAllowed(true);
    return galerne;
  }

  /// Runs the command, unless the environment holds an invalid value. Help does not depend on the
  /// environment.
  private static int run(ParseResult parsed, EnvironmentDefaults environment) {
    CommandLine galerne = parsed.commandSpec().commandLine();
    if (isHelp(parsed)) {
      galerne.setDefaultValueProvider(
          null); // so that it shows the defaults without the environment
      return new RunLast().execute(parsed);
    }
    environment
        .wrongLogLevel()
        .ifPresent(problem -> {
          throw new ParameterException(galerne, problem);
        });
    environment
        .unknown(parsed.commandSpec())
        .forEach(problem -> galerne.getErr().println("galerne: " + problem));
    galerne.getErr().flush();
    return new RunLast().execute(parsed);
  }

  private static boolean isHelp(ParseResult parsed) {
    List<CommandLine> commands = parsed.asCommandLineList();
    return Set.of("galerne", "keys", "help", "completion")
            .contains(commands.getLast().getCommandName())
        || commands.stream()
            .map(CommandLine::getParseResult)
            .anyMatch(part -> part.isUsageHelpRequested() || part.isVersionHelpRequested());
  }

  /// The commands that talk to a server.
  private static List<Object> eventCommands(Shell shell) {
    return List.of(
        new Tail(shell),
        new ListEvents(shell),
        new ListRuns(shell),
        new ShowExecution(shell),
        new Publish(shell),
        new Export(shell),
        new Import(shell));
  }

  private static void addHelp(CommandLine command) {
    OptionSpec help =
        OptionSpec.builder("-h", "--help").usageHelp(true).description("Print this help.").build();
    command.getCommandSpec().addOption(help);
    command.getSubcommands().values().forEach(Galerne::addHelp);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
