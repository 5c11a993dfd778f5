package io.galerne.server.http;

import io.galerne.server.access.Right;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// `GET /metrics` and `GET /openapi.yaml`: a text for everybody.
final class Document implements Operation {
  private final String name;
  private final String contentType;
  private final Supplier<byte[]> text;
  private final Executor workers;

  /// @param text makes the text, in UTF-8, on a thread that may block
  Document(String name, String contentType, Supplier<byte[]> text, Executor workers) {
    this.name = name;
    this.contentType = contentType;
    this.text = text;
    this.workers = workers;
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
    return CompletableFuture.supplyAsync(
        () -> new Reply.Full(HttpResponseStatus.OK, contentType, text.get(), Map.of()), workers);
  }
}
