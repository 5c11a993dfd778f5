package io.galerne.cli.runs;

import io.galerne.cli.CommandFailedException;
import io.galerne.cli.Terminal;
import io.galerne.cli.events.JsonLines;
import io.galerne.cli.events.ServerCalls;
import io.galerne.client.Executions;
import io.galerne.client.Mistral;
import io.galerne.client.error.NotFoundException;
import io.galerne.client.runs.ExecutionState;
import io.galerne.client.runs.StateRequest;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.client.runs.TraceSpan;
import io.galerne.client.runs.TraceSummary;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/// One run of `galerne show`.
final class ExecutionShow {
  private final ShowExecution options;
  private final ShowExecution.Look look;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Pen pen;
  private final int width;

  ExecutionShow(ShowExecution options) {
    this.options = options;
    this.look = options.look;
    this.out = options.spec.commandLine().getOut();
    this.err = options.spec.commandLine().getErr();
    Terminal terminal = options.shell.terminal();
    this.pen = new Pen(terminal, ZoneId.systemDefault());
    this.width = look.wide || !terminal.interactive() ? Integer.MAX_VALUE : terminal.columns();
  }

  int run() throws Exception {
    if (options.execution.isEmpty()) {
      throw new IllegalArgumentException("EXECUTION must not be empty");
    } else if (look.timeline && (look.state || look.json)) {
      throw new IllegalArgumentException("--timeline cannot be combined with --state or --json");
    } else if (look.atSeq != null && look.json && !look.state) {
      throw new IllegalArgumentException(
          "--at-seq cannot be combined with --json unless --state is given too");
    }
    return ServerCalls.lookUp(options.shell, options.server, err, this::show);
  }

  private int show(Mistral mistral) {
    Executions executions = mistral.workflows().executions();
    try {
      if (look.state) {
        showState(state(executions));
      } else {
        TraceSummary trace =
            executions.traceSummary(
                options.execution, request -> request.includeInternalEvents(look.internal));
        showTrace(mistral, trace);
      }
    } catch (NotFoundException e) {
      throw notStored(e);
    }
    out.flush();
    return 0;
  }

  private CommandFailedException notStored(NotFoundException e) {
    return new CommandFailedException(
        "no event of an execution '"
            + options.execution
            + "' is stored at "
            + options.server.url()
            + ": check its id, which 'galerne runs' shows, and --url",
        e);
  }

  private ExecutionState state(Executions executions) {
    StateRequest.Builder request = StateRequest.builder(options.execution);
    if (look.atSeq != null) {
      request.atSeq(look.atSeq);
    }
    return executions.state(request.build());
  }

  private void showState(ExecutionState state) {
    noteIf(state.truncated(), "There are too many tasks: the server left some of them out.");
    if (pen.terminal().interactive() && !look.json) {
      new StatePrinter(pen, out).print(state);
      return;
    }
    JsonLines lines = new JsonLines(out, pen.terminal().unicode());
    for (TaskSnapshot task : state.tasks()) {
      if (!lines.print(task.json())) {
        return;
      }
    }
  }

  private void showTrace(Mistral mistral, TraceSummary trace) {
    if (look.json) {
      new JsonLines(out, pen.terminal().unicode()).print(trace.run().json());
      return;
    }
    Optional<TraceSpan> span = trace.spanTree();
    if (span.isEmpty()) {
      head(Instant.now()).print(trace.run());
      return;
    }
    SpanTree root = SpanTree.of(span.get(), look.internal);
    Tasks tasks = Tasks.of(mistral, root, Optional.ofNullable(look.atSeq));
    if (look.atSeq == null) {
      Instant now = Instant.now();
      head(now).print(trace.run());
      show(root, tasks, now);
    } else {
      TraceCut cut = new TraceCut(mistral, root, tasks, look.atSeq);
      SpanTree then = cut.cut(look.internal);
      head(cut.asOf()).print(trace.run(), then, look.atSeq);
      show(then, tasks, cut.asOf());
    }
    noteIf(trace.truncated(), "The trace is too large: the server left parts of it out.");
  }

  private void noteIf(boolean applies, String line) {
    if (applies) {
      err.println(line);
      err.flush();
    }
  }

  private HeadPrinter head(Instant now) {
    return new HeadPrinter(pen, out, width, now);
  }

  private void show(SpanTree root, Tasks tasks, Instant now) {
    head(now).printWaits(root, tasks);
    out.println();
    if (look.timeline) {
      new TimelinePrinter(pen, out, now).print(root);
    } else {
      new TreePrinter(pen, out, width, tasks, now).print(root);
    }
  }
}
