/// Positions of consumers that survive a restart: a [CheckpointStore] keeps them in files or in a
/// database.
@NullMarked
package io.galerne.client.checkpoint;

import org.jspecify.annotations.NullMarked;
