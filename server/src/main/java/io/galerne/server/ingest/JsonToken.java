package io.galerne.server.ingest;

/// A kind of JSON token.
enum JsonToken {
  OBJECT_START,
  OBJECT_END,
  ARRAY_START,
  ARRAY_END,
  NAME,
  STRING,
  /// A number without fraction and exponent.
  INTEGER,
  DECIMAL,
  TRUE,
  FALSE,
  NULL;

  boolean isString() {
    return this == STRING || this == NAME;
  }

  /// Whether it is a value without nested values.
  boolean isScalar() {
    return compareTo(STRING) >= 0;
  }
}
