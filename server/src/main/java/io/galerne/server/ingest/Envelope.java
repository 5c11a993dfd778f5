package io.galerne.server.ingest;

import org.jspecify.annotations.Nullable;

/// An event of a body with the optional values around or beside it. For one event, by one thread.
final class Envelope {
  @Nullable CheckedEvent event;

  /// The requested stream; null or empty for the event's default.
  CheckedEvent.@Nullable Text stream;

  /// Position of the metadata object; -1 if there is none.
  int metadataFrom = -1;

  int metadataTo;
  boolean metadataHasLineBreaks;

  CheckedEvent.@Nullable Text activityName;
  CheckedEvent.@Nullable Text activityId;

  boolean hasTimestamp;
  long timestamp;
}
