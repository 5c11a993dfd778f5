package io.galerne.server.access;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Authenticates requests. Thread-safe.
public interface Gate extends AutoCloseable {
  /// The namespace of a server without keys.
  String DEFAULT_NAMESPACE = "default";

  /// A gate that gives everyone all rights in namespace `default`: for loopback only.
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
        // nothing to release
      }
    };
  }

  /// The caller with this `Authorization` header; empty if it is missing or its key is unknown.
  Optional<Caller> admit(@Nullable String authorization);

  /// Whether a caller admitted earlier still has the same rights.
  boolean stillAdmits(Caller caller);

  @Override
  void close();
}
