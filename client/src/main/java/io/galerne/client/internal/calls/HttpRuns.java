package io.galerne.client.internal.calls;

import io.galerne.client.Page;
import io.galerne.client.RequestOptions;
import io.galerne.client.Runs;
import io.galerne.client.RunsAsync;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunsRequest;

/// [Runs] on HTTP.
final class HttpRuns implements Runs {
  private final RunsAsync async;

  HttpRuns(RunsAsync async) {
    this.async = async;
  }

  @Override
  public Page<Run> list(RunsRequest request) {
    return Transport.await(async.list(request));
  }

  @Override
  public Run get(String runId, RequestOptions options) {
    return Transport.await(async.get(runId, options));
  }
}
