package io.galerne.client.internal.calls;

import io.galerne.client.Page;
import io.galerne.client.RequestOptions;
import io.galerne.client.RunsAsync;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.runs.Run;
import io.galerne.client.runs.RunsRequest;
import java.util.concurrent.CompletableFuture;

/// [RunsAsync] on HTTP.
final class HttpRunsAsync implements RunsAsync {
  private final Transport transport;

  HttpRunsAsync(Transport transport) {
    this.transport = transport;
  }

  @Override
  public CompletableFuture<Page<Run>> list(RunsRequest request) {
    return transport.call(Calls.list(request), Answered.as(Answered::runs));
  }

  @Override
  public CompletableFuture<Run> get(String runId, RequestOptions options) {
    return transport.callDecoding(Calls.run(runId, options), Answered.decoded(Run::of));
  }
}
