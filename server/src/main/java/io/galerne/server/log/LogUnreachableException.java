package io.galerne.server.log;

/// The whole log is unreachable, for example because the cluster that stores it is down. The
/// request is valid: retry until the log is reachable again.
public class LogUnreachableException extends LogUnavailableException {
  private static final long serialVersionUID = 1L;

  public LogUnreachableException(String reason) {
    super(reason);
  }

  public LogUnreachableException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
