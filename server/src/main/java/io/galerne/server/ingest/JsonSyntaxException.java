package io.galerne.server.ingest;

/// A JSON syntax error: the message gives the reason, `at` the position.
final class JsonSyntaxException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int at;

  JsonSyntaxException(int at, String why) {
    super(why, null, false, false); // a client's mistake needs no stack trace
    this.at = at;
  }

  /// Index of the faulty byte, from 0.
  int at() {
    return at;
  }
}
