package io.galerne.jetstream;

import io.galerne.server.log.LogUnreachableException;

/// The stream no longer is the log that this node has opened, but one that was put back from a backup:
/// the node must be started again.
final class LogReplacedException extends LogUnreachableException {
  private static final long serialVersionUID = 1L;

  LogReplacedException(String reason) {
    super(reason);
  }
}
