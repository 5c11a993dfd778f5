/// The load: publishers and readers that use much less CPU than the servers under test. Linux only,
/// on Netty's epoll.
@NullMarked
package io.galerne.bench.load;

import org.jspecify.annotations.NullMarked;
