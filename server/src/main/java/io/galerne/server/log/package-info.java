/// The durable, ordered log of events: what an event is once it is checked, what may be asked for,
/// and [io.galerne.server.log.EventLog], which every engine implements.
@NullMarked
package io.galerne.server.log;

import org.jspecify.annotations.NullMarked;
