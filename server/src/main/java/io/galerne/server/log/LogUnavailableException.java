package io.galerne.server.log;

/// The log cannot take or give events now, through no fault of the one who asks; the same call may
/// succeed later. The message says why, in words fit for an operator.
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

  /// Why, as the message says it.
  public String reason() {
    return reason;
  }
}
