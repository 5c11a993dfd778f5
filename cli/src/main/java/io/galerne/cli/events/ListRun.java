package io.galerne.cli.events;

import io.galerne.cli.Terminal;
import io.galerne.cli.print.EventPrinter;
import io.galerne.client.Mistral;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.protocol.Event;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.util.Iterator;

/// One run of `galerne list`.
final class ListRun {
  private final ListEvents options;
  private final PrintWriter out;

  ListRun(ListEvents options) {
    this.options = options;
    this.out = options.spec.commandLine().getOut();
  }

  int run() throws Exception {
    if (options.wanted.limit != null && options.wanted.limit < 1) {
      throw new IllegalArgumentException("--limit must be 1 or more");
    }
    PrintWriter err = options.spec.commandLine().getErr();
    return ServerCalls.lookUp(options.shell, options.server, err, this::list);
  }

  private int list(Mistral mistral) {
    int limit = options.wanted.limit == null ? Integer.MAX_VALUE : options.wanted.limit;
    Iterator<Event> events =
        mistral
            .events()
            .getAllWorkflowEvents(request ->
                request
                    .workflowExecId(options.wanted.workflowExecId)
                    .rootWorkflowExecId(options.wanted.rootWorkflowExecId)
                    .workflowRunId(options.wanted.workflowRunId)
                    .limit(Math.min(limit, WorkflowEventsRequest.MAX_LIMIT)))
            .iterator();
    Terminal terminal = options.shell.terminal();
    if (terminal.interactive()) {
      try (ListedSequences sequences = new ListedSequences(mistral, options.wanted)) {
        table(events, limit, sequences);
      }
    } else {
      JsonLines lines = new JsonLines(out, terminal.unicode());
      for (int i = 0; i < limit && events.hasNext(); i++) {
        if (!lines.print(events.next().json())) {
          break;
        }
      }
    }
    return 0;
  }

  private void table(Iterator<Event> events, int limit, ListedSequences sequences) {
    if (!events.hasNext()) {
      PrintWriter err = options.spec.commandLine().getErr();
      err.println("There are no such events at " + options.server.url + ".");
      err.flush();
      return;
    }
    EventPrinter printer =
        new EventPrinter(out, options.shell.terminal(), ZoneId.systemDefault(), options.wanted.wide)
            .withHeading();
    for (int i = 0; i < limit && events.hasNext() && !out.checkError(); i++) {
      Event event = events.next();
      printer.print(event, sequences.of(event));
    }
  }
}
