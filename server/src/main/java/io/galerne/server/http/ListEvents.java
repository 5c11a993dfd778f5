package io.galerne.server.http;

import io.galerne.server.access.Right;
import io.galerne.server.ingest.Fault;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventVisitor;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/// `GET /v1/workflows/events/list`: stored events, a page at a time (contract, section 5).
final class ListEvents implements Operation {
  private static final long DEFAULT_LIMIT = 100;
  private static final long MOST_LIMIT = 1000;

  /// A page ends early where its events are large, so that an answer stays well below what a
  /// client or proxy accepts.
  private static final int PAGE_BYTES = 16 << 20;

  private static final Map<String, Field> FIELDS = new LinkedHashMap<>();

  static {
    FIELDS.put("root_workflow_exec_id", Field.ROOT_WORKFLOW_EXEC_ID);
    FIELDS.put("workflow_exec_id", Field.WORKFLOW_EXEC_ID);
    FIELDS.put("workflow_run_id", Field.WORKFLOW_RUN_ID);
  }

  private final EventLog log;
  private final Executor workers;

  ListEvents(EventLog log, Executor workers) {
    this.log = log;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "list_events";
  }

  @Override
  public Optional<Right> right() {
    return Optional.of(Right.READ);
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
    return CompletableFuture.supplyAsync(
        () -> page(filter.build(), from, (int) limit, scope), workers);
  }

  private static long position(String cursor, Cursor.Scope scope, Query query) {
    OptionalLong position = scope.read(cursor);
    if (position.isEmpty()) {
      query.fault(
          new Fault(
              "cursor_invalid",
              List.of("query", "cursor"),
              "Input should be a next_cursor of this query: same filters, same log, same key's"
                  + " namespace; leave it out to begin anew",
              JsonText.quote(cursor)));
    }
    return position.orElse(0);
  }

  private Reply page(EventFilter filter, long from, int limit, Cursor.Scope scope) {
    Page page = new Page(limit);
    LogRange range = log.range();
    long next = Math.max(from, range.oldest());
    while (next <= range.head() && !page.isFull()) {
      next = read(filter, next, page);
    }
    return Reply.json(
        HttpResponseStatus.OK,
        page.finish(page.isFull() ? JsonText.quote(scope.cursor(next)) : "null"));
  }

  private long read(EventFilter filter, long from, Page page) {
    try {
      return log.read(filter, from, page);
    } catch (ExpiredException e) {
      return e.oldest(); // it expired just now
    }
  }

  /// The answer as it grows.
  private static final class Page implements EventVisitor {
    private final ByteArrayOutputStream json = new ByteArrayOutputStream(16 * 1024);
    private final int limit;
    private int events;
    private boolean full;

    private Page(int limit) {
      this.limit = limit;
      append("{\"events\":[");
    }

    /// Takes what fits; the first that does not shows that there is another page.
    @Override
    public Verdict visit(long sequence, EventRecord event) {
      if (events == limit || (events > 0 && json.size() > PAGE_BYTES)) {
        full = true;
        return Verdict.REFUSED;
      }
      if (events++ > 0) {
        json.write(',');
      }
      json.write(event.bytes(), event.offset(Field.DATA), event.length(Field.DATA));
      return Verdict.TAKEN;
    }

    private boolean isFull() {
      return full;
    }

    private byte[] finish(String nextCursor) {
      append("],\"next_cursor\":" + nextCursor + "}");
      return json.toByteArray();
    }

    private void append(String text) {
      json.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
