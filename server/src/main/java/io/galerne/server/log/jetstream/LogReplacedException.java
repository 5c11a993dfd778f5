package io.galerne.server.log.jetstream;

import io.galerne.server.log.LogUnreachableException;

/// The stream is not the log any more that this node has opened, but one that was put back from a backup:
/// sequences are others there, until the node is started again.
final class LogReplacedException extends LogUnreachableException {
  private static final long serialVersionUID = 1L;

  LogReplacedException(String reason) {
    super(reason);
  }
}
