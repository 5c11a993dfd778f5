/// Parses request bodies into checked events: reports all faults at once and keeps the event's own
/// bytes (contract, sections 1 to 3).
@NullMarked
package io.galerne.server.ingest;

import org.jspecify.annotations.NullMarked;
