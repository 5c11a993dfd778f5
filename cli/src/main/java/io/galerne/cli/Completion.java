package io.galerne.cli;

import java.io.PrintWriter;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `galerne completion bash`: prints a script that makes a shell complete commands and options.
@Command(
    name = "completion",
    header = "Print a script that completes commands and options in a shell.",
    customSynopsis = "galerne completion SHELL",
    synopsisHeading = "%nUsage: ",
    parameterListHeading = "%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  source <(galerne completion bash)    in ~/.bashrc",
      "  source <(galerne completion zsh)     in ~/.zshrc",
      "  galerne completion bash > ~/.local/share/bash-completion/completions/galerne"
    })
final class Completion implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "The shell: bash or zsh.")
  private String shell = "";

  /// One script serves both shells: in zsh, it loads `bashcompinit`.
  @Override
  public void run() {
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw new ParameterException(
          spec.commandLine(), "SHELL must be bash or zsh, not '" + shell + "'");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("galerne", spec.root().commandLine()));
    out.flush();
  }
}
