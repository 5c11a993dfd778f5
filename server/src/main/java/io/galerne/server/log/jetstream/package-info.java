/// The event log on a NATS JetStream stream, which several nodes share.
///
/// A node keeps nothing: what it has in memory it builds from the stream when it starts. `Follower`
/// follows the stream once, `BatchWriter` appends to it, `SparseRead` and `ClusterRead` read what lies
/// further back.
@NullMarked
package io.galerne.server.log.jetstream;

import org.jspecify.annotations.NullMarked;
