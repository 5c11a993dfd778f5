package io.galerne.server.fault;

/// A request body, or a part of it, exceeds a limit. The message names the limit and the fix.
public final class TooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  public TooLargeException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /// The limit and the fix.
  public String detail() {
    return detail;
  }
}
