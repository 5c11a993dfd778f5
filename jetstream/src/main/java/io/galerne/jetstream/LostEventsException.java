package io.galerne.jetstream;

/// The stream lacks events that this node has seen, so they are not the same log any more.
final class LostEventsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  LostEventsException(String what) {
    super(
        what
            + ": its servers have lost events. Restore them from a backup, or continue without them:"
            + " stop all nodes, and start one with the setting `afterRestore`");
  }
}
