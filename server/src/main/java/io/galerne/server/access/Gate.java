package io.galerne.server.access;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Tells who makes a request. Safe for use by several threads.
public interface Gate extends AutoCloseable {
  /// The namespace of a server without keys.
  String DEFAULT_NAMESPACE = "default";

  /// Lets everybody do everything in namespace `default`: for loopback only.
  static Gate open() {
    Caller everybody = new Caller("", DEFAULT_NAMESPACE, Set.of(Right.READ, Right.PUBLISH));
    return new Gate() {
      @Override
      public Optional<Caller> admit(@Nullable String authorization) {
        return Optional.of(everybody);
      }

      @Override
      public boolean stillAdmits(Caller caller) {
        return true;
      }

      @Override
      public void close() {
        // holds nothing
      }
    };
  }

  /// Who shows this `Authorization` header; empty if it is missing or names no known key.
  Optional<Caller> admit(@Nullable String authorization);

  /// Whether somebody who was admitted before still would be, with the same rights.
  boolean stillAdmits(Caller caller);

  @Override
  void close();
}
