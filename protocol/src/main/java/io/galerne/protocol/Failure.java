package io.galerne.protocol;

/// A failure of an execution, a task or an activity.
///
/// @param message the message, for people
/// @param json the failure verbatim, including unknown members
@WireJson
public record Failure(String message, Json json) {
  /// A failure to publish.
  public Failure(String message) {
    this(message, Json.slice("{\"message\":" + EventText.quoted(message) + "}"));
  }
}
