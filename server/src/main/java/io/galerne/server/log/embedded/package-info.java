/// The log of a single process, on its own disk. A group commit is one synced write to the store.
@NullMarked
package io.galerne.server.log.embedded;

import org.jspecify.annotations.NullMarked;
