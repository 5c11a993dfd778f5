package io.galerne.server.log;

/// Takes the events of a read, in ascending order.
@FunctionalInterface
public interface EventVisitor {
  /// Takes one event, whose bytes are only good during the call.
  ///
  /// @return whether it has been taken and the read should continue: `TAKEN`; taken and it should
  ///     end: `LAST`; or neither, so that a later read begins with this event: `REFUSED`
  Verdict visit(long sequence, EventRecord event);

  /// What becomes of a read after an event.
  enum Verdict {
    TAKEN,
    LAST,
    REFUSED
  }
}
