package io.galerne.server.ingest;

import org.jspecify.annotations.Nullable;

/// What may come with an event in a body, around or beside it. For one event, by one thread.
final class Envelope {
  @Nullable CheckedEvent event;

  /// The stream that was asked for; null or empty for the one that follows from the event.
  CheckedEvent.@Nullable Text stream;

  /// Where the metadata object stands; -1 if there is none.
  int metadataFrom = -1;

  int metadataTo;
  boolean metadataHasLineBreaks;

  CheckedEvent.@Nullable Text activityName;
  CheckedEvent.@Nullable Text activityId;

  boolean hasTimestamp;
  long timestamp;
}
