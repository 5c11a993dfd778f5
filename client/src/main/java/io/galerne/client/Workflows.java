package io.galerne.client;

/// What there is to do with workflows. Safe for use by several threads.
public final class Workflows {
  private final Events events;
  private final Executions executions;

  Workflows(Events events, Executions executions) {
    this.events = events;
    this.executions = executions;
  }

  /// The same as [Mistral#events()].
  public Events events() {
    return events;
  }

  /// What there is to do with single executions.
  public Executions executions() {
    return executions;
  }
}
