package io.galerne.server.log;

/// The log as a whole cannot be reached now, as when the cluster that keeps it is away. Nothing is
/// wrong with what was asked for: whoever can wait may ask again until the log is back.
public class LogUnreachableException extends LogUnavailableException {
  private static final long serialVersionUID = 1L;

  public LogUnreachableException(String reason) {
    super(reason);
  }

  public LogUnreachableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
