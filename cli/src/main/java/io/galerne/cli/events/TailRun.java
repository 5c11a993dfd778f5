package io.galerne.cli.events;

import io.galerne.cli.ReaderWatch;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.StopSignal;
import io.galerne.cli.Terminal;
import io.galerne.cli.print.EventPrinter;
import io.galerne.client.Mistral;
import io.galerne.client.stream.EventStream;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.TaskState;
import io.galerne.protocol.TaskStates;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/// One run of `galerne tail`.
final class TailRun {
  private final Tail options;
  private final PrintWriter out;
  private final PrintWriter err;
  private final TaskStates states = new TaskStates();

  TailRun(Tail options) {
    this.options = options;
    this.out = options.spec.commandLine().getOut();
    this.err = options.spec.commandLine().getErr();
  }

  private interface Viewer {
    /// Prints an event.
    ///
    /// @return whether it was written
    boolean show(StreamEvent event);
  }

  int run() throws Exception {
    Viewer viewer = viewer(options.shell.terminal());
    return ServerCalls.run(options.shell, options.server, mistral -> follow(mistral, viewer));
  }

  private int follow(Mistral mistral, Viewer viewer) {
    try (EventStream stream = mistral.events().getStreamEvents(request());
        StopSignal _ = StopSignal.beforeExit(stream::close);
        ReaderWatch _ = StandardOutput.onReaderGone(out, stream::close)) {
      for (StreamEvent event : stream) {
        if (!viewer.show(event)) {
          break; // such as `head`, which has seen enough
        }
      }
    }
    return 0;
  }

  private StreamEventsRequest request() {
    if (options.reach.untilTerminal && keepsTerminalEventsOut()) {
      throw new IllegalArgumentException(
          "--until-terminal waits for an event that --scope, --workflow-event-types, --activity-name,"
              + " --activity-id or --parent-workflow-exec-id exclude");
    }
    StreamEventsRequest.Builder request =
        ServerCalls.streamRequest(options.filters)
            .startSeq(options.reach.startSeq)
            .listener(new ConnectionWords(err, options.server));
    if (options.reach.lastEventId != null) {
      request.lastEventId(options.reach.lastEventId);
    }
    if (options.reach.untilTerminal) {
      request.untilTerminal();
    }
    return request.build();
  }

  private boolean keepsTerminalEventsOut() {
    FilterOptions filters = options.filters;
    List<EventType> types = filters.workflowEventTypes;
    return filters.scope == Scope.ACTIVITY
        || filters.activityName != null
        || filters.activityId != null
        || (filters.parentWorkflowExecId != null && filters.workflowExecId == null)
        || (!types.isEmpty() && types.stream().noneMatch(EventType::endsExecution));
  }

  private Viewer viewer(Terminal terminal) {
    if (terminal.interactive()) {
      EventPrinter printer =
          new EventPrinter(out, terminal, ZoneId.systemDefault(), options.look.wide);
      return event -> {
        printer.print(event);
        state(event).ifPresent(printer::print);
        return !out.checkError();
      };
    }
    JsonLines lines = new JsonLines(out, terminal.unicode());
    if (options.look.state) {
      return event ->
          state(event)
              .map(state -> lines.print(StateLine.of(event.brokerSequence(), state)))
              .orElse(true);
    }
    return event -> lines.print(event.json());
  }

  private Optional<TaskState> state(StreamEvent event) {
    return options.look.state ? states.apply(event.data()) : Optional.empty();
  }
}
