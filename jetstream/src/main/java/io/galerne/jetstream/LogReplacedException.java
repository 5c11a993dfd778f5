package io.galerne.jetstream;

import io.galerne.server.log.LogUnreachableException;

/// The stream is no longer the log that this node opened, but was restored from a backup: the node
/// must be started again.
final class LogReplacedException extends LogUnreachableException {
  private static final long serialVersionUID = 1L;

  LogReplacedException(String reason) {
    super(reason);
  }
}
