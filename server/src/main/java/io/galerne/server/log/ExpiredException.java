package io.galerne.server.log;

/// A read starts at a position whose events have expired.
public final class ExpiredException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long oldest;

  public ExpiredException(long from, long oldest) {
    super(
        "Events from sequence "
            + from
            + " on have expired; the oldest that is retained is "
            + oldest);
    this.oldest = oldest;
  }

  /// The oldest sequence that can be read.
  public long oldest() {
    return oldest;
  }
}
