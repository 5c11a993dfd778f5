package io.galerne.protocol;

/// Why something failed.
///
/// @param message for people
/// @param json the failure exactly as it came, with members that the schema does not name
@WireJson
public record Failure(String message, Json json) {
  /// A failure to publish.
  public Failure(String message) {
    this(message, Json.slice("{\"message\":" + EventText.quoted(message) + "}"));
  }
}
