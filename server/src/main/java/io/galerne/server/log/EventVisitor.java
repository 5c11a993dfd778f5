package io.galerne.server.log;

/// Receives the events of a read, in ascending order.
@FunctionalInterface
public interface EventVisitor {
  /// Visits one event, whose bytes are valid only during the call.
  ///
  /// @return `TAKEN` to continue; `LAST` if the event was taken and the read should stop; `REFUSED`
  ///     if it was not taken and the next read should start with it
  Verdict visit(long sequence, EventRecord event);

  /// Whether the visitor took the event and the read continues.
  enum Verdict {
    TAKEN,
    LAST,
    REFUSED
  }
}
