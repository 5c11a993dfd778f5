package io.galerne.server.http;

import java.util.concurrent.CompletionStage;

/// Makes the body of an answer piece by piece. For one thread at a time: the next piece is asked for
/// once the one before is there.
interface Pieces {
  /// The next piece. Fails if the rest cannot be made.
  CompletionStage<byte[]> next();

  /// Whether the last piece has been made.
  boolean isComplete();
}
