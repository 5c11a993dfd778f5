package io.galerne.server.fault;

/// A body, or something in it, is over a limit. The message says which limit and what to do.
public final class TooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String detail;

  public TooLargeException(String detail) {
    super(detail, null, false, false);
    this.detail = detail;
  }

  /// Which limit, and what to do.
  public String detail() {
    return detail;
  }
}
