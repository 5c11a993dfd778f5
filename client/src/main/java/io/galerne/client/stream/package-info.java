/// Streams of events that reconnect, their requests and listeners. Start with
/// [io.galerne.client.Events#getStreamEvents(io.galerne.client.stream.StreamEventsRequest)], which
/// returns an [EventStream].
@NullMarked
package io.galerne.client.stream;

import org.jspecify.annotations.NullMarked;
