/// The servers under load, ours and the peers, each in processes of its own.
@NullMarked
package io.galerne.bench.server;

import org.jspecify.annotations.NullMarked;
