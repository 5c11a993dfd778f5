package io.galerne.client;

import io.galerne.client.error.MistralException;
import io.galerne.client.error.NotFoundException;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunsRequest;
import java.util.function.Consumer;

/// Lists and looks up runs (contract, section 8). Thread-safe. Calls throw the exceptions described
/// at [Events]. [RunsAsync] has the non-blocking variants.
///
/// ```java
/// for (Run run :
///     mistral.workflows().runs().listAll(b -> b.status(RunStatus.FAILED, RunStatus.COMPLETED))) {
///   System.out.println(run.executionId() + " " + run.status() + " " + run.startTime());
/// }
/// ```
///
/// A test may implement this interface instead of running a server. Later versions may add default
/// methods.
public interface Runs {
  /// Lists one page of runs of all executions, by default newest start first. Lists omit results.
  ///
  /// @throws MistralException if the call fails
  Page<Run> list(RunsRequest request);

  /// As [#list(RunsRequest)], building the request inline.
  default Page<Run> list(Consumer<RunsRequest.Builder> request) {
    return list(RunsRequest.of(request));
  }

  /// Lists all runs, fetching pages lazily. The request's page size applies to each page. With a
  /// Galerne server, no run is skipped or repeated while runs start and end.
  default Pages<Run> listAll(RunsRequest request) {
    return new Pages<>(
        request.nextPageToken().orElse(null),
        token -> list(token == null ? request : request.withNextPageToken(token)));
  }

  /// As [#listAll(RunsRequest)], building the request inline.
  default Pages<Run> listAll(Consumer<RunsRequest.Builder> request) {
    return listAll(RunsRequest.of(request));
  }

  /// Looks up a run, with its result.
  ///
  /// @throws NotFoundException if the server has no event of this run
  /// @throws IllegalArgumentException if the id is empty
  default Run get(String runId) {
    return get(runId, RequestOptions.none());
  }

  /// As [#get(String)], with options for this call.
  Run get(String runId, RequestOptions options);

  /// As [#get(String, RequestOptions)], building the options inline.
  default Run get(String runId, Consumer<RequestOptions.Builder> options) {
    return get(runId, RequestOptions.of(options));
  }
}
