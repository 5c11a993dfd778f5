package io.galerne.server.http.connection;

import java.util.concurrent.atomic.AtomicLong;

/// How much memory the bodies of all requests may take while they are read and answered: many
/// large ones at a time, or many slow ones, must not fill it: 256 MiB, or a quarter of the heap if
/// that is less. Safe for use by several threads.
final class BodyBudget {
  static final int MOST_BYTES = (int) Math.min(256 << 20, Runtime.getRuntime().maxMemory() / 4);

  private final AtomicLong taken = new AtomicLong();

  /// Takes so much of the budget, unless that is more than is left.
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
