package io.galerne.server.access;

/// A right of an API key.
public enum Right {
  READ("read"),
  PUBLISH("publish");

  private final String word;

  Right(String word) {
    this.word = word;
  }

  /// Its name in the key file and on the command line.
  public String word() {
    return word;
  }

  /// The right with that name.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Right of(String word) {
    for (Right right : values()) {
      if (right.word.equals(word)) {
        return right;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is not a right: use read, publish or both");
  }
}
