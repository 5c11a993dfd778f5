/// The Java client of the Mistral Workflows Events API, for the hosted service and any compatible
/// server. Start with [Mistral].
@NullMarked
package io.galerne.client;

import org.jspecify.annotations.NullMarked;
