/// The servers under load, ours and the peers, each in its own processes.
@NullMarked
package io.galerne.bench.server;

import org.jspecify.annotations.NullMarked;
