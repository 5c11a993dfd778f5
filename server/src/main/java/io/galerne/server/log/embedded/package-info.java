/// The log of one process, on its own disk: each group commit is one synced write to the store.
@NullMarked
package io.galerne.server.log.embedded;

import org.jspecify.annotations.NullMarked;
