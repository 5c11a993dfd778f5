/// The event log on a NATS JetStream stream, which several nodes share.
///
/// The stream orders group commits and makes them durable; each node applies them to an
/// [io.galerne.server.log.store.EventStore] in its own folder and answers all reads from there.
/// `Publisher` appends, `Follower` applies what all nodes append, `StreamTrim` deletes what has expired.
@NullMarked
package io.galerne.jetstream;

import org.jspecify.annotations.NullMarked;
