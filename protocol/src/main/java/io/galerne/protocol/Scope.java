package io.galerne.protocol;

/// The scope of a stream event (contract, section 2).
public enum Scope {
  WORKFLOW("workflow"),
  ACTIVITY("activity");

  private final String wireName;

  Scope(String wireName) {
    this.wireName = wireName;
  }

  /// The name on the wire, such as `workflow`.
  public String wireName() {
    return wireName;
  }
}
