/// Real `nats-server` processes for tests, which can be killed, paused and cut off from each other.
@NullMarked
package io.galerne.jetstream.nats;

import org.jspecify.annotations.NullMarked;
