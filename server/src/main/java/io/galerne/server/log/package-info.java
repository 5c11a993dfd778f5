/// The durable, ordered log of events: [io.galerne.server.log.EventLog], which every engine
/// implements, validated events and filters.
@NullMarked
package io.galerne.server.log;

import org.jspecify.annotations.NullMarked;
