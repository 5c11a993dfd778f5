/// The wire format of Mistral's workflow events: typed events and their exact JSON (contract,
/// section 1), stream events (contract, section 2), patches, and Server-Sent Events. Knows no HTTP
/// and no store.
@NullMarked
package io.galerne.protocol;

import org.jspecify.annotations.NullMarked;
