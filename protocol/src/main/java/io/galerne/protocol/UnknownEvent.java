package io.galerne.protocol;

/// An event of a type that is not known here, or of a known type that lacks what its schema
/// demands. What can be read of it is at hand; the rest is in the JSON.
///
/// @param header with `""` and 0 for what is missing or of another JSON type
/// @param eventType the word on the wire; `""` where there is none
/// @param json the event exactly as it came
public record UnknownEvent(EventHeader header, String eventType, Json json) implements Event {}
