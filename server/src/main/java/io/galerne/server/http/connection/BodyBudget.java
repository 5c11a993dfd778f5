package io.galerne.server.http.connection;

import java.util.concurrent.atomic.AtomicLong;

/// The memory budget for the bodies of all requests in progress, so that many large or slow ones
/// cannot fill the heap: 256 MiB, or a quarter of the heap if that is less. Thread-safe.
final class BodyBudget {
  static final int MOST_BYTES = (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

  private final AtomicLong taken = new AtomicLong();

  /// Takes `bytes` from the budget if that much is left.
  ///
  /// @return whether there was room
  boolean take(int bytes) {
    if (taken.addAndGet(bytes) > MOST_BYTES) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  void giveBack(int bytes) {
    taken.addAndGet(-bytes);
  }
}
