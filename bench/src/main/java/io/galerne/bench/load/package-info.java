/// The load: publishers and readers that cost much less than the servers they measure. Linux only,
/// on Netty's epoll.
@NullMarked
package io.galerne.bench.load;

import org.jspecify.annotations.NullMarked;
