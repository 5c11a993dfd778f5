/// The Java client of the Mistral Workflows Events API, for the hosted service and any compatible
/// server. Start with [Mistral].
///
/// This package has the calls and what they have in common: options, retries and pages, and the
/// request for a list of events. All other requests and results are in a package for each task:
/// [io.galerne.client.stream],
/// [io.galerne.client.publish] and [io.galerne.client.runs]. Positions of consumers are in
/// [io.galerne.client.checkpoint], exceptions in [io.galerne.client.error], and encoded payloads in
/// [io.galerne.client.payload].
@NullMarked
package io.galerne.client;

import org.jspecify.annotations.NullMarked;
