/// Checkpoint stores in files and in a database: implementations of
/// [io.galerne.client.CheckpointStore].
@NullMarked
package io.galerne.client.checkpoint;

import org.jspecify.annotations.NullMarked;
