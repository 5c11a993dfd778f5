package io.galerne.server.api;

import static java.util.Objects.requireNonNull;

import io.galerne.server.http.ApiException;
import io.galerne.server.http.ErrorCode;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.worker.RouteTokens;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;

/// Appends the events of a body to the log and answers when they are durable (contract, section 3).
/// The publish operations differ only in their bodies and answers.
final class Publish {
  /// Larger bodies are parsed on another thread, because event loops serve readers.
  private static final int LARGE_BODY = 64 * 1024;

  private static final Reply SUCCESS = Reply.json("{\"status\":\"success\",\"message\":null}");
  private static final String TOKEN = "X-Workflow-Route-Token";

  private final EventLog log;
  private final PublishBody bodies;
  private final Executor workers;
  private final Optional<RouteTokens> tokens;

  Publish(EventLog log, PublishBody bodies, Executor workers) {
    this(log, bodies, workers, Optional.empty());
  }

  private Publish(
      EventLog log, PublishBody bodies, Executor workers, Optional<RouteTokens> tokens) {
    this.log = log;
    this.bodies = bodies;
    this.workers = workers;
    this.tokens = tokens;
  }

  /// The same on the v2 route, which requires a token for the events' run (contract, section 3). A
  /// worker retries only if its token has expired.
  Publish routed(RouteTokens tokens) {
    return new Publish(log, bodies, workers, Optional.of(tokens));
  }

  /// One event.
  Operation single() {
    return operation(
        (body, namespace) -> List.of(bodies.single(body, namespace)), sequences -> SUCCESS);
  }

  /// Several events.
  Operation batch() {
    return operation(
        bodies::batch,
        sequences ->
            Reply.json(
                "{\"status\":\"success\",\"message\":null,\"events_received\":"
                    + sequences.length
                    + "}"));
  }

  /// One stream event, as early workers send it.
  Operation streamEvent() {
    return operation(
        (body, namespace) -> List.of(bodies.streamEvent(body, namespace)),
        sequences -> Reply.json("{\"broker_sequence\":" + sequences[0] + "}"));
  }

  private Operation operation(
      BiFunction<byte[], String, List<EventRecord>> body, Function<long[], Reply> reply) {
    return request -> {
      Supplier<List<EventRecord>> read =
          () -> {
            List<EventRecord> events = body.apply(request.body(), request.caller().namespace());
            tokens.ifPresent(known -> requireToken(known, request, events));
            return events;
          };
      CompletableFuture<List<EventRecord>> events =
          request.body().length < LARGE_BODY
              ? CompletableFuture.completedFuture(read.get())
              : CompletableFuture.supplyAsync(read, workers);
      return events.thenCompose(log::append).thenApply(reply);
    };
  }

  private static void requireToken(RouteTokens tokens, Request request, List<EventRecord> events) {
    for (int i = 0; i < events.size(); i++) {
      if (i == 0 || !isOfOneRun(events.get(i - 1), events.get(i))) {
        requireToken(tokens, request, events.get(i));
      }
    }
  }

  private static boolean isOfOneRun(EventRecord one, EventRecord other) {
    return one.same(Field.WORKFLOW_EXEC_ID, other) && one.same(Field.WORKFLOW_RUN_ID, other);
  }

  private static void requireToken(RouteTokens tokens, Request request, EventRecord event) {
    String execution = requireNonNull(event.text(Field.WORKFLOW_EXEC_ID));
    String run = requireNonNull(event.text(Field.WORKFLOW_RUN_ID));
    String token = request.headers().get(TOKEN);
    switch (tokens.check(token, request.caller().namespace(), execution, run)) {
      case VALID -> {}
      case EXPIRED ->
          throw refused(
              ErrorCode.ROUTE_TOKEN_EXPIRED, "The route token has expired; request another");
      case INVALID ->
          throw refused(
              ErrorCode.ROUTE_TOKEN_INVALID,
              TOKEN
                  + (token == null ? " is missing" : " is not for this run")
                  + ": request one for execution "
                  + execution
                  + " and run "
                  + run
                  + "; a request holds events of one run only");
    }
  }

  private static ApiException refused(ErrorCode code, String detail) {
    return new ApiException(
        HttpResponseStatus.UNAUTHORIZED, code, detail, Map.of("WWW-Authenticate", "Bearer"));
  }
}
