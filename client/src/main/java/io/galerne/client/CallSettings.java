package io.galerne.client;

/// Settings of one call that has no other parameters than an id. Not safe for use by several threads.
public final class CallSettings extends ReadBuilder<CallSettings> {
  CallSettings() {}

  @Override
  CallSettings self() {
    return this;
  }
}
