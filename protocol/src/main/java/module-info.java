/// The wire of Mistral's workflow events: typed events, their JSON, and Server-Sent Events.
module io.galerne.protocol {
  requires transitive tools.jackson.core;
  requires transitive tools.jackson.databind;
  requires static transitive org.jspecify;

  exports io.galerne.protocol;
}
