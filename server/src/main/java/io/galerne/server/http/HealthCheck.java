package io.galerne.server.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.CompletableFuture.completedFuture;

import io.galerne.server.access.Right;
import io.galerne.server.ingest.JsonText;
import io.galerne.server.log.Health;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/// `GET /health/live` and `GET /health/ready`: whether the process works at all, and whether it
/// should be given work. For everybody.
final class HealthCheck implements Operation {
  private final String name;
  private final Supplier<Health> state;

  HealthCheck(String name, Supplier<Health> state) {
    this.name = name;
    this.state = state;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Right> right() {
    return Optional.empty();
  }

  @Override
  public CompletionStage<Reply> answer(Request request) {
    Health health = state.get();
    String body =
        health.ready()
            ? "{\"status\":\"ok\"}"
            : "{\"status\":\"unavailable\",\"detail\":" + JsonText.quote(health.detail()) + "}";
    HttpResponseStatus status =
        health.ready() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE;
    return completedFuture(Reply.json(status, body.getBytes(UTF_8)));
  }
}
