package io.galerne.client;

import io.galerne.client.error.ApiException;
import io.galerne.client.error.MistralException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/// Looks up runs: which there are, and what became of them (contract, section 8). Safe for use by
/// several threads. Exceptions are those of [Events].
///
/// ```java
/// for (Run run :
///     mistral.workflows().runs().listAll(b -> b.status(RunStatus.FAILED, RunStatus.COMPLETED))) {
///   System.out.println(run.executionId() + " " + run.status() + " " + run.startTime());
/// }
/// ```
public final class Runs {
  private static final String PATH = "/v1/workflows/runs/";

  private final Transport transport;

  Runs(Transport transport) {
    this.transport = transport;
  }

  /// Lists one page of runs: those of all executions, the newest start first unless the request says
  /// otherwise. Lists have no results.
  ///
  /// @throws MistralException if that fails
  public RunPage list(RunsRequest request) {
    return Transport.await(listAsync(request));
  }

  /// As [#list(RunsRequest)], with the request put together on the spot.
  public RunPage list(Consumer<RunsRequest.Builder> request) {
    return list(RunsRequest.builder().with(request).build());
  }

  /// Lists one page of runs without waiting for it.
  public CompletableFuture<RunPage> listAsync(RunsRequest request) {
    return transport.call(request.call(), RunPage::read);
  }

  /// As [#listAsync(RunsRequest)], with the request put together on the spot.
  public CompletableFuture<RunPage> listAsync(Consumer<RunsRequest.Builder> request) {
    return listAsync(RunsRequest.builder().with(request).build());
  }

  /// Lists all runs, over all pages, each fetched when it is needed. The request's page size is that
  /// of each page. Against a Galerne server, no run is skipped or repeated while runs start and end.
  public RunPages listAll(RunsRequest request) {
    return new RunPages(request, this::list);
  }

  /// As [#listAll(RunsRequest)], with the request put together on the spot.
  public RunPages listAll(Consumer<RunsRequest.Builder> request) {
    return listAll(RunsRequest.builder().with(request).build());
  }

  /// Looks up a run, with its result.
  ///
  /// @throws ApiException with status 404 if the server has no event of it
  /// @throws IllegalArgumentException if the id is empty
  public Run get(String runId) {
    return get(runId, settings -> {});
  }

  /// As [#get(String)], with other settings for this call.
  public Run get(String runId, Consumer<CallSettings> settings) {
    return Transport.await(getAsync(runId, settings));
  }

  /// Looks up a run without waiting for it.
  public CompletableFuture<Run> getAsync(String runId) {
    return getAsync(runId, settings -> {});
  }

  /// As [#getAsync(String)], with other settings for this call.
  public CompletableFuture<Run> getAsync(String runId, Consumer<CallSettings> settings) {
    CallOptions options = new CallSettings().with(settings).callOptions();
    Call call =
        Call.get("runs.get", PATH + UrlQuery.segment(runId, "runId"), new UrlQuery(), options);
    return transport.callDecoding(call, Run::read);
  }
}
