package io.galerne.client;

/// Where the events of an execution's stream come from (contract, section 4). A constant's name is
/// its word on the wire.
public enum StreamSource {
  /// The stored events; then the stream ends.
  DATABASE,
  /// Only new events.
  LIVE,
  /// First the stored events, then new ones.
  HYBRID
}
