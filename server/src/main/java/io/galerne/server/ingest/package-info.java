/// From a request body to checked events: every fault is found at once, and the event's own bytes
/// are kept (contract, sections 1 to 3).
@NullMarked
package io.galerne.server.ingest;

import org.jspecify.annotations.NullMarked;
