package io.galerne.protocol;

/// What a stream event speaks about (contract, section 2).
public enum Scope {
  WORKFLOW("workflow"),
  ACTIVITY("activity");

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  /// The word on the wire, such as `workflow`.
  public String wireName() {
    return wireName;
  }
}
