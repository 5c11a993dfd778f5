package io.galerne.spring;

/// Handles events that a listener could not handle in `galerne.listener.max-attempts` attempts. If
/// there is a bean of this type, the consumer continues after such an event. Without one, it never
/// skips an event and retries indefinitely.
@FunctionalInterface
public interface DeadLetterHandler {
  /// Stores an event for later, such as in a table. Runs on the consumer's thread, in a transaction
  /// that also moves the consumer's position past the event. If it throws, neither happens, and the
  /// event is delivered to the listener again.
  void handle(DeadLetter letter) throws Exception;
}
