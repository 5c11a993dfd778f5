package io.galerne.spring;

import io.galerne.protocol.StreamEvent;

/// An event that a listener could not handle.
///
/// @param consumer the listener's consumer
/// @param attempts how often it was delivered
/// @param failure what the last attempt threw
public record DeadLetter(String consumer, StreamEvent event, int attempts, Throwable failure) {}
