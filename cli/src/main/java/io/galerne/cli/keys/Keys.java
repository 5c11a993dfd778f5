package io.galerne.cli.keys;

import static java.util.stream.Collectors.joining;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Examples;
import io.galerne.cli.Shell;
import io.galerne.cli.StandardOutput;
import io.galerne.server.access.ApiKey;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.Right;
import io.galerne.server.files.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// `galerne keys`: creates, lists and revokes API keys in the file that `serve --keys` reads. A
/// running server notices changes.
@Command(
    name = "keys",
    header = "Create, list and revoke API keys.",
    customSynopsis = "galerne keys COMMAND [OPTIONS]",
    synopsisHeading = "%nUsage: ",
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  galerne keys add --namespace acme --may read,publish",
      "  secret=$$(galerne keys add --namespace acme --may read)",
      "  galerne keys list",
      "  galerne keys revoke key_6wzQ8n2a"
    })
public final class Keys implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  @SuppressWarnings("NullAway.Init")
  static final class FileOption {
    @Option(
        names = "--keys",
        paramLabel = "FILE",
        defaultValue = "galerne-keys.json",
        description = {
          "The key file; 'keys add' creates it if it is missing.",
          "GALERNE_KEYS; default: ${DEFAULT-VALUE}"
        })
    private Path file;

    private KeyFile open() {
      return new KeyFile(file);
    }
  }

  static final class RightConverter implements ITypeConverter<Right> {
    @Override
    public Right convert(String word) {
      try {
        return Right.of(word.strip());
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /// `galerne keys add`: prints the secret, and nothing else, to standard output, so that scripts
  /// can read it, and nowhere else.
  @Command(
      name = "add",
      header = "Create an API key and print its secret, which is shown only once.",
      customSynopsis = "galerne keys add --namespace NAME --may RIGHTS [--keys FILE]",
      synopsisHeading = "%nUsage: ",
      optionListHeading = "%nOptions:%n",
      sortOptions = false)
  @SuppressWarnings("NullAway.Init")
  public static final class Add implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Option(
        names = "--namespace",
        required = true,
        paramLabel = "NAME",
        description = "The namespace that the key gives access to.")
    private String namespace;

    @Option(
        names = "--may",
        required = true,
        split = ",",
        paramLabel = "RIGHTS",
        hideParamSyntax = true,
        converter = RightConverter.class,
        description = "What the key allows: read, publish or read,publish.")
    private Set<Right> may = EnumSet.noneOf(Right.class);

    @Mixin private FileOption keys;

    @Override
    public Integer call() {
      KeyFile.Created created = keys.open().add(namespace, may);
      PrintWriter err = spec.commandLine().getErr();
      ApiKey key = created.key();
      err.println("Created key " + key.id() + " in " + keys.file + ":");
      err.println("  it may " + rights(key).replace(",", " and ") + " in namespace " + namespace);
      err.println("  its secret is shown only once:");
      err.flush();
      PrintWriter out = spec.commandLine().getOut();
      out.println(created.secret());
      requireShown(key);
      err.println("Use it like this:");
      err.println("  galerne serve --keys " + keys.file);
      err.println("  GALERNE_API_KEY=<the secret> galerne tail");
      err.println("  " + Examples.FOLLOW + " -H 'authorization: Bearer <the secret>'");
      err.flush();
      return 0;
    }

    /// Revokes a key whose secret could not be shown: it is of no use, yet it would open the
    /// server.
    private void requireShown(ApiKey key) {
      Optional<IOException> failure = StandardOutput.failure(spec.commandLine().getOut());
      if (failure.isPresent()) {
        keys.open().revoke(key.id());
        throw new CommandFailedException(
            "the secret cannot be written to standard output ("
                + FileFailure.reason(failure.get())
                + "), so key "
                + key.id()
                + " was revoked",
            failure.get());
      }
    }
  }

  /// `galerne keys list`: a table for people, lines with tabs for programs.
  @Command(
      name = "list",
      header = "List the keys, without their secrets.",
      customSynopsis = "galerne keys list [--keys FILE]",
      synopsisHeading = "%nUsage: ",
      optionListHeading = "%nOptions:%n",
      footer =
          "%nIn a pipe, it prints one line per key, without a heading, with tabs between the fields.")
  @SuppressWarnings("NullAway.Init")
  public static final class ListAll implements Callable<Integer> {
    private static final List<String> HEADING = List.of("ID", "NAMESPACE", "MAY", "CREATED");

    private final Shell shell;

    @Spec private CommandSpec spec;
    @Mixin private FileOption keys;

    public ListAll(Shell shell) {
      this.shell = shell;
    }

    @Override
    public Integer call() {
      List<List<String>> rows = keys.open().read().stream().map(ListAll::row).toList();
      PrintWriter out = spec.commandLine().getOut();
      if (rows.isEmpty()) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(
            "There are no keys in "
                + keys.file
                + "; create one with: galerne keys add --namespace acme --may read,publish");
        err.flush();
      } else if (shell.terminal().interactive()) {
        table(rows).forEach(out::println);
      } else {
        rows.forEach(row -> out.println(String.join("\t", row)));
      }
      out.flush();
      return 0;
    }

    private static List<String> row(ApiKey key) {
      return List.of(key.id(), key.namespace(), rights(key), key.created().toString());
    }

    private static List<String> table(List<List<String>> rows) {
      int[] widths = HEADING.stream().mapToInt(String::length).toArray();
      rows.forEach(row -> widen(widths, row));
      String format = "%-" + widths[0] + "s  %-" + widths[1] + "s  %-" + widths[2] + "s  %s";
      return Stream.concat(Stream.of(HEADING), rows.stream())
          .map(row -> format.formatted(row.toArray()))
          .toList();
    }

    private static void widen(int[] widths, List<String> row) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
  }

  /// `galerne keys revoke`.
  @Command(
      name = "revoke",
      header = "Revoke a key; a running server refuses it within two seconds.",
      customSynopsis = "galerne keys revoke ID [--keys FILE]",
      synopsisHeading = "%nUsage: ",
      parameterListHeading = "%n",
      optionListHeading = "%nOptions:%n")
  @SuppressWarnings("NullAway.Init")
  public static final class Revoke implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The key's id, as 'galerne keys list' shows it.")
    private String id;

    @Mixin private FileOption keys;

    @Override
    public Integer call() {
      if (!keys.open().revoke(id)) {
        throw new CommandFailedException(
            "there is no key '" + id + "' in " + keys.file + "; 'galerne keys list' shows all");
      }
      PrintWriter out = spec.commandLine().getOut();
      out.println("Revoked key " + id + ".");
      out.flush();
      return 0;
    }
  }

  private static String rights(ApiKey key) {
    return key.may().stream().sorted().map(Right::word).collect(joining(","));
  }
}
