package io.galerne.server.ingest;

/// A text is not JSON. The message says why, `at` where.
final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int at;

  JsonSyntaxException(int at, String why) {
    super(why, null, false, false); // a client's mistake: nobody looks at a stack
    this.at = at;
  }

  /// The byte at which the fault was found, counted from 0.
  int at() {
    return at;
  }
}
