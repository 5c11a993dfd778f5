/// The store of event blocks on disk, with their index, ids and runs, for both engines.
/// [io.galerne.server.log.store.StoreKeys] has the table of all keys.
@NullMarked
package io.galerne.server.log.store;

import org.jspecify.annotations.NullMarked;
