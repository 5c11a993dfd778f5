package io.galerne.server.fault;

import java.util.List;

/// A request violates the contract's schema. Carries every fault found.
public final class InvalidRequestException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Fault> faults;

  public InvalidRequestException(List<Fault> faults) {
    super(faults.size() + " faults, the first: " + faults.getFirst(), null, false, false);
    this.faults = List.copyOf(faults);
  }

  public List<Fault> faults() {
    return faults;
  }
}
