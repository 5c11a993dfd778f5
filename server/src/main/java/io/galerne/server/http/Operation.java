package io.galerne.server.http;

import io.galerne.server.access.Right;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// One thing that can be asked of the server. Called on event loops, so it hands on what takes
/// long; safe for use by several threads.
interface Operation {
  /// Answers a request. What it throws, or its answer fails with, is turned into an error by
  /// [Errors].
  CompletionStage<? extends Reply> answer(Request request);

  /// What its caller must be allowed to do; empty for what everybody may.
  Optional<Right> right();

  /// Its name in metrics.
  String name();
}
