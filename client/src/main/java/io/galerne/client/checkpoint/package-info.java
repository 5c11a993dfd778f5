/// Where consumers keep how far they have come: in a file, or in a database. What they have in
/// common is [io.galerne.client.CheckpointStore].
@NullMarked
package io.galerne.client.checkpoint;

import org.jspecify.annotations.NullMarked;
