package io.galerne.cli.runs;

import io.galerne.cli.ReaderWatch;
import io.galerne.cli.StandardOutput;
import io.galerne.cli.StopSignal;
import io.galerne.cli.Terminal;
import io.galerne.cli.events.JsonLines;
import io.galerne.cli.events.ServerCalls;
import io.galerne.client.Mistral;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunStatus;
import io.galerne.client.runs.RunsRequest;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// One run of `galerne runs`.
final class RunListing {
  private static final int DEFAULT_LIMIT = 50;

  /// The rows that one table aligns; a longer list becomes several tables.
  private static final int MOST_ROWS = 500;

  private final ListRuns options;
  private final PrintWriter out;
  private final PrintWriter err;
  private final Terminal terminal;
  private final boolean table;
  private final int limit;

  RunListing(ListRuns options) {
    this.options = options;
    this.out = options.spec.commandLine().getOut();
    this.err = options.spec.commandLine().getErr();
    this.terminal = options.shell.terminal();
    this.table = terminal.interactive() && !options.look.json;
    this.limit =
        options.look.limit != null
            ? options.look.limit
            : table || options.look.watch ? DEFAULT_LIMIT : Integer.MAX_VALUE;
  }

  int run() throws Exception {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit must be 1 or more");
    }
    return ServerCalls.lookUp(
        options.shell, options.server, err, options.look.watch ? this::watch : this::list);
  }

  private int list(Mistral mistral) {
    Iterator<Run> runs = mistral.workflows().runs().listAll(request()).iterator();
    if (table) {
      printTable(mistral, runs);
      return 0;
    }
    JsonLines lines = new JsonLines(out, terminal.unicode());
    for (int i = 0; i < limit && runs.hasNext() && lines.print(runs.next().json()); i++) {
      // the next one
    }
    return 0;
  }

  private void printTable(Mistral mistral, Iterator<Run> runs) {
    if (!runs.hasNext()) {
      note("There are no matching runs at " + options.server.url() + ".");
      return;
    }
    RunTable rows = new RunTable(pen(), options.look.wide);
    out.println(rows.heading());
    for (int shown = 0; shown < limit && runs.hasNext() && !out.checkError(); ) {
      List<Run> next = next(runs, Math.min(MOST_ROWS, limit - shown));
      rows.rows(next, Waits.of(mistral, next), Instant.now()).forEach(out::println);
      shown += next.size();
    }
    out.flush();
    if (options.look.limit == null && runs.hasNext()) {
      note("There are more than " + limit + " runs; use --limit N to show N of them.");
    }
  }

  private void note(String line) {
    err.println(line);
    err.flush();
  }

  private static List<Run> next(Iterator<Run> runs, int most) {
    List<Run> next = new ArrayList<>();
    while (next.size() < most && runs.hasNext()) {
      next.add(runs.next());
    }
    return next;
  }

  private int watch(Mistral mistral) throws InterruptedException {
    CountDownLatch end = new CountDownLatch(1);
    try (StopSignal _ = StopSignal.beforeExit(end::countDown);
        ReaderWatch _ = StandardOutput.onReaderGone(out, end::countDown)) {
      RunWatch.View view =
          table
              ? new TableView(mistral, new RunTable(pen(), options.look.wide), out)
              : new ChangeView(new JsonLines(out, terminal.unicode()), err);
      new RunWatch(
              () -> next(mistral.workflows().runs().listAll(request()).iterator(), limit),
              view,
              failure -> ServerCalls.words(failure, options.server))
          .untilEnd(end);
    }
    return 0;
  }

  private Pen pen() {
    return new Pen(terminal, ZoneId.systemDefault());
  }

  private RunsRequest request() {
    ListRuns.Wanted wanted = options.wanted;
    return RunsRequest.builder()
        .workflowIdentifier(wanted.workflow)
        .rootExecutionId(wanted.root)
        .search(wanted.search)
        .status(wanted.status.stream().map(status -> RunStatus.valueOf(status.name())).toList())
        .startTimeAfter(wanted.startedAfter)
        .startTimeBefore(wanted.startedBefore)
        .endTimeAfter(wanted.endedAfter)
        .endTimeBefore(wanted.endedBefore)
        .sortBy(
            options.look.sort == ListRuns.Sort.END_TIME
                ? RunsRequest.SortBy.END_TIME
                : RunsRequest.SortBy.START_TIME)
        .order(
            options.look.order == ListRuns.Order.ASC
                ? RunsRequest.Order.ASCENDING
                : RunsRequest.Order.DESCENDING)
        .pageSize(Math.min(limit, RunsRequest.MAX_PAGE_SIZE))
        .build();
  }
}
