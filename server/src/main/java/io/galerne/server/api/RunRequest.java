package io.galerne.server.api;

import io.galerne.server.http.ApiException;
import io.galerne.server.http.Operation;
import io.galerne.server.http.Reply;
import io.galerne.server.http.Request;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.runs.Run;
import io.galerne.server.log.runs.RunQuery;
import io.galerne.server.runs.ExecutionTasks;
import io.galerne.server.runs.OtelTrace;
import io.galerne.server.runs.RunResult;
import io.galerne.server.runs.TraceJson;
import io.galerne.server.runs.WorkflowMetrics;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;

/// Queries about runs, answered from their events (contract, section 8). If the reader sends the
/// last sequence it has seen, as for a stream, every node answers as of that sequence or later.
abstract class RunRequest implements Operation {
  /// The path segment with the id of the run or execution.
  static final int ID = 4;

  private final Executor workers;
  final EventLog log;

  RunRequest(EventLog log, Executor workers) {
    this.log = log;
    this.workers = workers;
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Query query = new Query(request.target());
    OptionalLong at = at(query);
    long seen = Math.max(LastEventId.of(request, query).orElse(0), at.orElse(0));
    LongFunction<Reply> question = question(request, query);
    query.requireValid();
    return log.rangeAt(seen)
        .thenApplyAsync(
            range -> question.apply(Math.min(at.orElse(Long.MAX_VALUE), range.head())), workers);
  }

  /// The sequence as of which to answer; empty for the newest.
  OptionalLong at(Query query) {
    return OptionalLong.empty();
  }

  /// Parses the request and records its faults.
  ///
  /// @return answers a valid request on a blocking thread, given the last sequence to include
  abstract LongFunction<Reply> question(Request request, Query query);

  /// The newest run of the requested execution.
  ///
  /// @throws ApiException 404 if there is none
  Run newestRun(Request request) {
    return log.runs()
        .newestRun(request.caller().namespace(), request.target().part(ID))
        .orElseThrow(() -> notStored("an execution"));
  }

  private static ApiException notStored(String what) {
    return ApiException.notFound("No event of such " + what + " is stored");
  }

  /// `GET /v1/workflows/runs/{run_id}`: one run with its result.
  static final class OfId extends RunRequest {
    OfId(EventLog log, Executor workers) {
      super(log, workers);
    }

    @Override
    LongFunction<Reply> question(Request request, Query query) {
      String id = request.target().part(ID);
      return _ ->
          Reply.json(
              RunResult.json(
                  log,
                  log.runs()
                      .run(request.caller().namespace(), id)
                      .orElseThrow(() -> notStored("a run"))));
    }
  }

  /// `GET …/executions/{execution_id}/trace/…`: the trace of the execution and its descendants;
  /// with `include_internal_events`, also the worker's own activities.
  static final class OfTrace extends RunRequest {
    /// The requested form of the trace.
    enum Form {
      SUMMARY,
      EVENTS,
      OTEL,
      INFO
    }

    private final Form form;

    OfTrace(Form form, EventLog log, Executor workers) {
      super(log, workers);
      this.form = form;
    }

    @Override
    LongFunction<Reply> question(Request request, Query query) {
      boolean internal = query.flag("include_internal_events", false);
      boolean merge = query.flag("merge_same_id_events", false);
      return _ -> {
        Run run = newestRun(request);
        return Reply.json(
            switch (form) {
              case SUMMARY -> TraceJson.summary(log, run, internal, request.abandoned());
              case EVENTS -> TraceJson.events(log, run, merge, internal, request.abandoned());
              case OTEL -> OtelTrace.json(log, run, internal, request.abandoned());
              case INFO -> TraceJson.info(run);
            });
      };
    }
  }

  /// `GET …/executions/{execution_id}/state`: the values of an execution's custom tasks, now or as
  /// of `at_seq`.
  static final class State extends RunRequest {
    private static final String AT = "at_seq";

    State(EventLog log, Executor workers) {
      super(log, workers);
    }

    @Override
    OptionalLong at(Query query) {
      OptionalLong at = query.integer(AT);
      at.ifPresent(sequence -> query.atLeast(0, sequence, List.of("query", AT)));
      return at;
    }

    @Override
    LongFunction<Reply> question(Request request, Query query) {
      return to ->
          Reply.json(ExecutionTasks.json(log, newestRun(request), to, request.abandoned()));
    }
  }

  /// `GET /v1/workflows/{workflow_name}/metrics`: metrics of a workflow's runs that started between
  /// `start_time` and `end_time`.
  static final class Metrics extends RunRequest {
    private static final int WORKFLOW = 3;

    Metrics(EventLog log, Executor workers) {
      super(log, workers);
    }

    @Override
    LongFunction<Reply> question(Request request, Query query) {
      long from = query.moment("start_time").orElse(Long.MIN_VALUE);
      long to = query.moment("end_time").orElse(Long.MAX_VALUE);
      RunQuery wanted =
          RunQuery.in(request.caller().namespace())
              .workflowName(request.target().part(WORKFLOW))
              .started(from, to)
              .build();
      return _ -> Reply.json(WorkflowMetrics.json(log, wanted, request.abandoned()));
    }
  }

  /// `GET /v1/workflows/executions/{execution_id}`: the newest run of the execution, with its result.
  static final class Newest extends RunRequest {
    Newest(EventLog log, Executor workers) {
      super(log, workers);
    }

    @Override
    LongFunction<Reply> question(Request request, Query query) {
      return _ -> Reply.json(RunResult.json(log, newestRun(request)));
    }
  }
}
