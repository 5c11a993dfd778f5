/// Publishes events: one, several, or many in batches with a [BatchingPublisher]. The calls are in
/// [io.galerne.client.Events].
@NullMarked
package io.galerne.client.publish;

import org.jspecify.annotations.NullMarked;
