package io.galerne.server.http;

import io.galerne.server.access.Right;
import io.galerne.server.ingest.PublishBody;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventRecord;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/// Appends the events of a body to the log, and answers once they are durable (contract,
/// section 3). The three ways to publish differ in their bodies and answers only.
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
}
