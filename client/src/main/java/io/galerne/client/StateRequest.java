package io.galerne.client;

/// Which state of an execution to show (contract, section 8). Immutable.
public final class StateRequest {
  private final Call call;

  private StateRequest(Call call) {
    this.call = call;
  }

  /// Starts from the current state.
  ///
  /// @throws IllegalArgumentException if the id is empty
  public static Builder builder(String executionId) {
    return new Builder(executionId);
  }

  Call call() {
    return call;
  }

  /// Collects what is wanted. Not safe for use by several threads.
  public static final class Builder extends ReadBuilder<Builder> {
    private static final long NOW = -1;

    private final String path;
    private long atSeq = NOW;

    private Builder(String executionId) {
      path = Executions.path(executionId) + "/state";
    }

    /// The state as of this sequence, inclusive.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder atSeq(long atSeq) {
      if (atSeq < 0) {
        throw new IllegalArgumentException("atSeq must be 0 or more, but is " + atSeq);
      }
      this.atSeq = atSeq;
      return this;
    }

    @Override
    Builder self() {
      return this;
    }

    /// Makes the request.
    public StateRequest build() {
      UrlQuery query =
          new UrlQuery().addIfGiven("at_seq", atSeq == NOW ? null : Long.toString(atSeq));
      return new StateRequest(Call.get("executions.state", path, query, callOptions()));
    }
  }
}
