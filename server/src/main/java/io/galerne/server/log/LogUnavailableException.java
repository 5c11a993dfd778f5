package io.galerne.server.log;

/// The log cannot accept or return events now, through no fault of the caller; the same call may
/// succeed later. The message tells an operator why.
public class LogUnavailableException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  public LogUnavailableException(String reason) {
    super(reason);
    this.reason = reason;
  }

  public LogUnavailableException(String reason, Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /// The message.
  public String reason() {
    return reason;
  }
}
