/// The wire of Mistral's workflow events: what the words on it are, and how Server-Sent Events are
/// framed and read. Knows no HTTP and no store.
@NullMarked
package io.galerne.protocol;

import org.jspecify.annotations.NullMarked;
