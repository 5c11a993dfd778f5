package io.galerne.server.http;

import io.galerne.protocol.EventType;
import io.galerne.server.access.Right;
import io.galerne.server.live.StreamRequest;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventVisitor.Verdict;
import io.galerne.server.log.ExpiredException;
import io.galerne.server.log.Field;
import io.galerne.server.log.LogRange;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/// `GET /v1/workflows/executions/{execution_id}/stream`: one execution, until it ends (contract,
/// section 4).
final class StreamExecution implements Operation {
  /// The events that tell whether an execution is under way.
  private static final Set<EventType> LIFECYCLE = EnumSet.of(EventType.WORKFLOW_EXECUTION_STARTED);

  static {
    Stream.of(EventType.values()).filter(EventType::endsExecution).forEach(LIFECYCLE::add);
  }

  /// Where the events come from.
  private enum Source {
    DATABASE,
    LIVE,
    HYBRID
  }

  private static final List<String> SOURCES = Stream.of(Source.values()).map(Enum::name).toList();

  private final EventLog log;
  private final Executor workers;

  StreamExecution(EventLog log, Executor workers) {
    this.log = log;
    this.workers = workers;
  }

  @Override
  public String name() {
    return "stream_execution";
  }

  @Override
  public Optional<Right> right() {
    return Optional.of(Right.READ);
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    Source source =
        query.choice("event_source", SOURCES).map(Source::valueOf).orElse(Source.HYBRID);
    OptionalLong last = LastEventId.of(request, query);
    query.requireValid();

    return log.rangeAt(last.orElse(0)).thenCompose(range -> answer(request, source, last, range));
  }

  private CompletionStage<Reply> answer(
      Request request, Source source, OptionalLong last, LogRange range) {
    long first = source == Source.LIVE ? range.head() + 1 : range.oldest();
    long from =
        Math.max(range.oldest(), last.isPresent() ? StreamEvents.after(last.getAsLong()) : first);
    CompletableFuture<Long> endAfter =
        switch (source) {
          case DATABASE -> CompletableFuture.completedFuture(range.head());
          case LIVE -> CompletableFuture.completedFuture(StreamRequest.FOR_EVER);
          case HYBRID ->
              from == range.oldest()
                  ? CompletableFuture.completedFuture(StreamRequest.FOR_EVER)
                  : CompletableFuture.supplyAsync(
                      () -> hasEndedBefore(request, from) ? range.head() : StreamRequest.FOR_EVER,
                      workers);
        };
    return endAfter.thenApply(end -> stream(request, from, end, range));
  }

  private Reply stream(Request request, long from, long endAfter, LogRange range) {
    return new Reply.Stream(
        new StreamRequest(
            execution(request).build(), from, endAfter, true, request.caller(), request.chunked()),
        StreamEvents.headers(log, range));
  }

  private static EventFilter.Builder execution(Request request) {
    String id = Target.decode(Router.executionId(request.target().path()));
    return EventFilter.in(request.caller().namespace()).where(Field.WORKFLOW_EXEC_ID, id);
  }

  /// Whether the last that is known of the execution is its end, and the reader has seen that: it
  /// would wait for ever.
  private boolean hasEndedBefore(Request request, long from) {
    EventFilter lifecycle = execution(request).types(LIFECYCLE).build();
    LogRange range = log.range();
    long[] endedAt = {0};
    long next = range.oldest();
    while (next <= range.head()) {
      try {
        next =
            log.read(
                lifecycle,
                next,
                (sequence, event) -> {
                  endedAt[0] = event.type().endsExecution() ? sequence : 0;
                  return Verdict.TAKEN;
                });
      } catch (ExpiredException e) {
        next = e.oldest(); // it expired just now
      }
    }
    return endedAt[0] > 0 && endedAt[0] < from;
  }
}
