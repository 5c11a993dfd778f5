package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.client.error.NotFoundException;
import java.util.function.Consumer;

/// Looks up runs: which there are, and what became of them (contract, section 8). Safe for use by
/// several threads. Exceptions are those of [Events]. [RunsAsync] has the same calls without waiting.
///
/// ```java
/// for (Run run :
///     mistral.workflows().runs().listAll(b -> b.status(RunStatus.FAILED, RunStatus.COMPLETED))) {
///   System.out.println(run.executionId() + " " + run.status() + " " + run.startTime());
/// }
/// ```
///
/// A test may implement this interface instead of running a server. Later versions may add methods,
/// with a default.
public interface Runs {
  /// Lists one page of runs: those of all executions, the newest start first unless the request says
  /// otherwise. Lists have no results.
  ///
  /// @throws MistralException if that fails
  Page<Run> list(RunsRequest request);

  /// As [#list(RunsRequest)], with a request made on the spot.
  default Page<Run> list(Consumer<RunsRequest.Builder> request) {
    return list(RunsRequest.of(request));
  }

  /// Lists all runs, over all pages, each requested when it is needed. The request's page size is
  /// that of each page. Against a Galerne server, no run is skipped or repeated while runs start and
  /// end.
  default Pages<Run> listAll(RunsRequest request) {
    return new Pages<>(
        request.nextPageToken().orElse(null),
        token -> list(token == null ? request : request.from(token)));
  }

  /// As [#listAll(RunsRequest)], with a request made on the spot.
  default Pages<Run> listAll(Consumer<RunsRequest.Builder> request) {
    return listAll(RunsRequest.of(request));
  }

  /// Looks up a run, with its result.
  ///
  /// @throws NotFoundException if the server has no event of it
  /// @throws IllegalArgumentException if the id is empty
  default Run get(String runId) {
    return get(runId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  Run get(String runId, RequestOptions options);

  /// As [#get(String, RequestOptions)], with options made on the spot.
  default Run get(String runId, Consumer<RequestOptions.Builder> options) {
    return get(runId, RequestOptions.of(options));
  }
}
