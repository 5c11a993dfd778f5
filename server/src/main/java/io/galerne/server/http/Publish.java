package io.galerne.server.http;

import static java.util.Objects.requireNonNull;

import io.galerne.server.access.Right;
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
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/// Appends the events of a body to the log, and answers once they are durable (contract,
/// section 3). The ways to publish differ in their bodies and answers only.
abstract sealed class Publish implements Operation {
  /// A larger body is read on another thread: an event loop has readers to serve.
  private static final int LARGE_BODY = 64 * 1024;

  private final EventLog log;
  private final Executor workers;
  final PublishBody bodies;

  private Publish(EventLog log, PublishBody bodies, Executor workers) {
    this.log = log;
    this.bodies = bodies;
    this.workers = workers;
  }

  @Override
  public final Optional<Right> right() {
    return Optional.of(Right.PUBLISH);
  }

  @Override
  public final CompletionStage<Reply> answer(Request request) {
    CompletableFuture<List<EventRecord>> events =
        request.body().length < LARGE_BODY
            ? CompletableFuture.completedFuture(read(request))
            : CompletableFuture.supplyAsync(() -> read(request), workers);
    return events.thenCompose(log::append).thenApply(this::reply);
  }

  abstract List<EventRecord> read(Request request);

  abstract Reply reply(long[] sequences);

  /// `POST /v1/workflows/events`.
  static final class Single extends Publish {
    private static final Reply SUCCESS = Reply.json("{\"status\":\"success\",\"message\":null}");

    Single(EventLog log, PublishBody bodies, Executor workers) {
      super(log, bodies, workers);
    }

    @Override
    public String name() {
      return "publish_event";
    }

    @Override
    List<EventRecord> read(Request request) {
      return List.of(bodies.single(request.body(), request.caller().namespace()));
    }

    @Override
    Reply reply(long[] sequences) {
      return SUCCESS;
    }
  }

  /// `POST /v1/workflows/events/batch`.
  static final class Batch extends Publish {
    Batch(EventLog log, PublishBody bodies, Executor workers) {
      super(log, bodies, workers);
    }

    @Override
    public String name() {
      return "publish_batch";
    }

    @Override
    List<EventRecord> read(Request request) {
      return bodies.batch(request.body(), request.caller().namespace());
    }

    @Override
    Reply reply(long[] sequences) {
      return Reply.json(
          "{\"status\":\"success\",\"message\":null,\"events_received\":" + sequences.length + "}");
    }
  }

  /// `POST /v1/workflows/executions/stream`, which early workers call.
  static final class StreamEvent extends Publish {
    StreamEvent(EventLog log, PublishBody bodies, Executor workers) {
      super(log, bodies, workers);
    }

    @Override
    public String name() {
      return "publish_stream_event";
    }

    @Override
    List<EventRecord> read(Request request) {
      return List.of(bodies.streamEvent(request.body(), request.caller().namespace()));
    }

    @Override
    Reply reply(long[] sequences) {
      return Reply.json("{\"broker_sequence\":" + sequences[0] + "}");
    }
  }

  /// One of the others on the v2 route, with a token for the run that the events are of (contract,
  /// section 3). A worker never tries a second time but with an expired token.
  static final class Routed extends Publish {
    private static final String TOKEN = "X-Workflow-Route-Token";

    private final Publish form;
    private final RouteTokens tokens;

    Routed(Publish form, RouteTokens tokens) {
      super(form.log, form.bodies, form.workers);
      this.form = form;
      this.tokens = tokens;
    }

    @Override
    public String name() {
      return form.name() + "_v2";
    }

    @Override
    List<EventRecord> read(Request request) {
      List<EventRecord> events = form.read(request);
      for (int i = 0; i < events.size(); i++) {
        if (i == 0 || !isOfOneRun(events.get(i - 1), events.get(i))) {
          require(request, events.get(i));
        }
      }
      return events;
    }

    @Override
    Reply reply(long[] sequences) {
      return form.reply(sequences);
    }

    private static boolean isOfOneRun(EventRecord one, EventRecord other) {
      return one.same(Field.WORKFLOW_EXEC_ID, other) && one.same(Field.WORKFLOW_RUN_ID, other);
    }

    private void require(Request request, EventRecord event) {
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
}
