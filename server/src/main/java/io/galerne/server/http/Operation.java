package io.galerne.server.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Answers requests of one kind, as mapped by [Routes]. Called on event loops, so it hands long
/// work to other threads. Thread-safe.
@FunctionalInterface
public interface Operation {
  /// Answers a request. [Errors] maps what it throws, or its stage fails with, to a response.
  CompletionStage<? extends Reply> answer(Request request);

  /// An operation that answers immediately.
  static Operation now(Function<Request, ? extends Reply> answer) {
    return request -> CompletableFuture.completedFuture(answer.apply(request));
  }

  /// An operation that blocks or takes long.
  ///
  /// @param workers run it
  static Operation on(Executor workers, Function<Request, ? extends Reply> answer) {
    return request -> CompletableFuture.supplyAsync(() -> answer.apply(request), workers);
  }
}
