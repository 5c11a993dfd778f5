package io.galerne.server.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.server.fault.Fault;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.live.SendBudget;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunPage;
import io.galerne.server.log.runs.RunPosition;
import io.galerne.server.log.runs.RunQuery;
import io.galerne.server.log.runs.RunQuery.Sort;
import io.galerne.server.log.runs.RunStatus;
import io.galerne.server.runs.RunJson;
import java.io.ByteArrayOutputStream;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/// `GET /v1/workflows/runs`: runs, a page at a time (contract, section 8).
final class ListRuns implements Operation {
  private static final long DEFAULT_PAGE = 50;
  private static final long MOST_PAGE = 1000;

  /// Statuses of the official API that no event reports: no run has them.
  private static final List<String> NEVER = List.of("TERMINATED", "TIMED_OUT");

  private static final List<String> STATUSES =
      Stream.concat(Stream.of(RunStatus.values()).map(Enum::name), NEVER.stream()).toList();

  /// Parameters of the official API that events cannot answer, and why.
  private static final Map<String, String> UNANSWERABLE =
      Map.of(
          "user_id", "Events do not say who started a run; leave out user_id",
          "workflow_tags", "Events do not have the tags of a workflow; leave out workflow_tags",
          "deployment_name", "Events do not name deployments; leave out deployment_name",
          "search_key", "Events do not have search keys; leave out search_key");

  /// The number of runs looked up at a time.
  private static final int PIECE = 50;

  /// A page ends early if its runs have long names, so that an answer stays below the limits of
  /// clients and proxies.
  private static final long PAGE_BYTES = 16L << 20;

  private final EventLog log;
  private final Executor workers;
  private final SendBudget budget;

  ListRuns(EventLog log, Executor workers, SendBudget budget) {
    this.log = log;
    this.workers = workers;
    this.budget = budget;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    OptionalLong seen = LastEventId.of(request, query);
    String namespace = request.caller().namespace();
    Cursor.Scope scope = new Cursor.Scope(log.id(), namespace);
    RunQuery wanted = wanted(query, namespace, scope);
    long size = query.integer("page_size").orElse(DEFAULT_PAGE);
    List<Object> loc = List.of("query", "page_size");
    query.atLeast(1, size, loc);
    query.atMost(MOST_PAGE, size, loc);
    query.flag("include_internal", true);
    Optional<RunPosition> after =
        query.text("next_page_token").flatMap(token -> position(token, scope, query));
    query.requireValid();
    PagePieces.requireRoom(budget);
    Page page = new Page(wanted, after, (int) size, scope);
    return log.rangeAt(seen.orElse(0))
        .thenCompose(_ -> PagePieces.answer(page, workers, budget, request.abandoned()));
  }

  private static RunQuery wanted(Query query, String namespace, Cursor.Scope scope) {
    UNANSWERABLE.forEach((name, why) ->
        query
            .text(name)
            .ifPresent(value ->
                query.fault(
                    new Fault(
                        "not_answerable", List.of("query", name), why, JsonText.quote(value)))));
    RunQuery.Builder wanted = RunQuery.in(namespace);
    Optional<String> workflow = query.text("workflow_identifier");
    workflow.ifPresent(wanted::workflowName);
    Optional<String> root = query.text("root_execution_id");
    root.ifPresent(wanted::rootExecutionId);
    Optional<String> search = query.text("search");
    search.ifPresent(wanted::search);
    Optional<Set<RunStatus>> statuses = statuses(query);
    statuses.ifPresent(wanted::statuses);
    Optional<String> sort = query.choice("sort_by", List.of("start_time", "end_time"));
    wanted.sort(sort.filter("end_time"::equals).isPresent() ? Sort.END_TIME : Sort.START_TIME);
    Optional<String> order = query.choice("order", List.of("asc", "desc"));
    wanted.ascending(order.filter("asc"::equals).isPresent());
    OptionalLong startAfter = query.moment("start_time_after");
    OptionalLong startBefore = query.moment("start_time_before");
    wanted.started(startAfter.orElse(Long.MIN_VALUE), startBefore.orElse(Long.MAX_VALUE));
    OptionalLong endAfter = query.moment("end_time_after");
    OptionalLong endBefore = query.moment("end_time_before");
    wanted.ended(endAfter.orElse(Long.MIN_VALUE), endBefore.orElse(Long.MAX_VALUE));
    Stream.of(workflow, root, search, sort, order).forEach(scope::add);
    scope.add(statuses.map(Object::toString));
    Stream.of(startAfter, startBefore, endAfter, endBefore)
        .forEach(time -> scope.add(Optional.of(time.toString())));
    return wanted.build();
  }

  /// The requested statuses; empty for any.
  private static Optional<Set<RunStatus>> statuses(Query query) {
    List<String> given =
        query.parameters().getOrDefault("status", List.of()).stream()
            .flatMap(value -> Stream.of(value.split(",", -1)))
            .map(String::strip)
            .filter(Query::isGiven)
            .toList();
    Set<RunStatus> statuses = EnumSet.noneOf(RunStatus.class);
    for (String status : given) {
      if (!STATUSES.contains(status)) {
        query.fault(Query.expected(STATUSES, List.of("query", "status"), status));
      } else if (!NEVER.contains(status)) {
        statuses.add(RunStatus.valueOf(status));
      }
    }
    return given.isEmpty() ? Optional.empty() : Optional.of(statuses);
  }

  private static Optional<RunPosition> position(String token, Cursor.Scope scope, Query query) {
    long[] position = scope.read(token, 3);
    if (position.length == 0) {
      query.fault(
          new Fault(
              "cursor_invalid",
              List.of("query", "next_page_token"),
              "Input should be a next_page_token of this query: same filters and order, same log,"
                  + " same key's namespace; leave it out to start over",
              JsonText.quote(token)));
      return Optional.empty();
    }
    return Optional.of(new RunPosition(position[0], position[1], position[2]));
  }

  /// A page of runs. For one thread at a time.
  private final class Page implements PagePieces.Page {
    private final RunQuery wanted;
    private final Cursor.Scope scope;

    /// New for each piece, so that a page holds no memory between pieces.
    private ByteArrayOutputStream piece = new ByteArrayOutputStream();

    private Optional<RunPosition> after;
    private int left;
    private long bytes;
    private int runs;
    private boolean complete;

    private Page(RunQuery wanted, Optional<RunPosition> after, int size, Cursor.Scope scope) {
      this.wanted = wanted;
      this.after = after;
      this.left = size;
      this.scope = scope;
      piece.writeBytes("{\"executions\":[".getBytes(UTF_8));
    }

    @Override
    public boolean fill(int mostBytes) {
      RunPage page = log.runs().list(wanted, after, Math.min(left, PIECE));
      page.runs().forEach(this::add);
      after = page.next();
      left -= page.runs().size();
      if (left == 0 || after.isEmpty() || bytes > PAGE_BYTES) {
        end();
      }
      return complete || piece.size() >= mostBytes;
    }

    private void add(Run run) {
      byte[] json = ((runs == 0 ? "" : ",") + RunJson.run(run)).getBytes(UTF_8);
      piece.writeBytes(json);
      bytes += json.length;
      runs++;
    }

    private void end() {
      String token =
          after
              .map(last -> scope.cursor(last.nanos(), last.run(), last.execution()))
              .map(JsonText::quote)
              .orElse("null");
      piece.writeBytes(("],\"next_page_token\":" + token + "}").getBytes(UTF_8));
      complete = true;
    }

    @Override
    public byte[] take() {
      byte[] taken = piece.toByteArray();
      piece = new ByteArrayOutputStream();
      return taken;
    }

    @Override
    public boolean isComplete() {
      return complete;
    }
  }
}
