/// The Java client of the Events API of Mistral Workflows, for the hosted service and for any server
/// that speaks the same wire. [Mistral] is where to begin.
@NullMarked
package io.galerne.client;

import org.jspecify.annotations.NullMarked;
