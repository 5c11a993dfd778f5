package io.galerne.client;

import java.util.random.RandomGenerator;

/// Always returns the greatest number, so that waits are as long as possible.
final class WorstLuck implements RandomGenerator {
  @Override
  public long nextLong() {
    return Long.MAX_VALUE;
  }

  @Override
  public long nextLong(long bound) {
    return bound - 1;
  }

  @Override
  public int nextInt(int bound) {
    return bound - 1;
  }
}
