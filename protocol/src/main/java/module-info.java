/// The wire format of Mistral's workflow events: typed events, their JSON, and Server-Sent Events.
module io.galerne.protocol {
  requires transitive tools.jackson.core;
  requires transitive tools.jackson.databind;
  requires static transitive org.jspecify;

  // For callers that use Jackson 2; optional.
  requires static com.fasterxml.jackson.core;
  requires static com.fasterxml.jackson.databind;

  exports io.galerne.protocol;

  opens io.galerne.protocol.jackson to
      com.fasterxml.jackson.databind,
      tools.jackson.databind;
}
