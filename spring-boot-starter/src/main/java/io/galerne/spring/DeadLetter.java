package io.galerne.spring;

import io.galerne.protocol.StreamEvent;

/// An event that a listener repeatedly failed to handle.
///
/// @param consumer the name of the listener's consumer
/// @param attempts the number of deliveries
/// @param failure the exception of the last attempt
public record DeadLetter(String consumer, StreamEvent event, int attempts, Throwable failure) {}
