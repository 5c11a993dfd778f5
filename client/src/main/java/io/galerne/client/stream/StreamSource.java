package io.galerne.client.stream;

/// The source of an execution's events (contract, section 4). A constant's name is its value on the
/// wire.
public enum StreamSource {
  /// Only stored events; then the stream ends.
  DATABASE,
  /// Only new events.
  LIVE,
  /// First the stored events, then new ones.
  HYBRID
}
