package io.galerne.client;

/// Where the events of an execution's stream come from (contract, section 4). A constant's name is
/// its word on the wire.
public enum EventSource {
  /// What is stored; then the stream ends.
  DATABASE,
  /// Only what comes from now on.
  LIVE,
  /// First what is stored, then what comes.
  HYBRID
}
