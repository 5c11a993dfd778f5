package io.galerne.server.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/// Answers requests of one kind; [Routes] says which. Called on event loops, so it hands on what
/// takes long; safe for use by several threads.
@FunctionalInterface
public interface Operation {
  /// Answers a request. What it throws, or its answer fails with, is turned into an error by
  /// [Errors].
  CompletionStage<? extends Reply> answer(Request request);

  /// An operation that has its answer at once.
  static Operation now(Function<Request, ? extends Reply> answer) {
    return request -> CompletableFuture.completedFuture(answer.apply(request));
  }

  /// An operation that takes long.
  ///
  /// @param workers where it runs
  static Operation on(Executor workers, Function<Request, ? extends Reply> answer) {
    return request -> CompletableFuture.supplyAsync(() -> answer.apply(request), workers);
  }
}
