package io.galerne.server.api;

import io.galerne.server.fault.Fault;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.live.LargeEvents;
import io.galerne.server.live.SendBudget;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/// `GET /v1/workflows/events/list`: stored events, a page at a time (contract, section 5).
final class ListEvents implements Operation {
  private static final long DEFAULT_LIMIT = 100;
  private static final long MOST_LIMIT = 1000;

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("root_workflow_exec_id", Field.ROOT_WORKFLOW_EXEC_ID);
    FIELDS.put("workflow_exec_id", Field.WORKFLOW_EXEC_ID);
    FIELDS.put("workflow_run_id", Field.WORKFLOW_RUN_ID);
  }

  private final EventLog log;
  private final Executor workers;
  private final SendBudget budget;
  private final LargeEvents large;

  ListEvents(EventLog log, Executor workers, SendBudget budget, LargeEvents large) {
    this.log = log;
    this.workers = workers;
    this.budget = budget;
    this.large = large;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    OptionalLong given = query.integer("limit");
    long limit = given.orElse(DEFAULT_LIMIT);
    List<Object> loc = List.of("query", "limit");
    query.atLeast(1, limit, loc);
    query.atMost(MOST_LIMIT, limit, loc);
    String namespace = request.caller().namespace();
    EventFilter.Builder filter = EventFilter.in(namespace);
    Cursor.Scope scope = new Cursor.Scope(log.id(), namespace);
    FIELDS.forEach((name, field) -> {
      Optional<String> value = query.text(name);
      value.ifPresent(text -> filter.where(field, text));
      scope.add(value);
    });
    long from = query.text("cursor").map(text -> position(text, scope, query)).orElse(0L);
    query.requireValid();
    PagePieces.requireRoom(budget);
    EventPage page = new EventPage(log, large, filter.build(), from, (int) limit, scope);
    return PagePieces.answer(page, workers, budget, request.abandoned());
  }

  private static long position(String cursor, Cursor.Scope scope, Query query) {
    OptionalLong position = scope.read(cursor);
    if (position.isEmpty()) {
      query.fault(
          new Fault(
              "cursor_invalid",
              List.of("query", "cursor"),
              "Input should be a next_cursor of this query: same filters, same log, same key's"
                  + " namespace; leave it out to start over",
              JsonText.quote(cursor)));
    }
    return position.orElse(0);
  }
}
