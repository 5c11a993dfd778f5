/// Blocks of events on disk, and everything that is read from them, for both engines.
/// [io.galerne.server.log.store.StoreKeys] has the table of everything that is on disk.
@NullMarked
package io.galerne.server.log.store;

import org.jspecify.annotations.NullMarked;
