package io.galerne.server.fault;

import java.util.List;

/// A request is not of the form that the contract asks for. Carries every fault that was found.
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
