package io.galerne.server;

import java.util.Random;

/// Reproducible randomness: each use prints its seed, and `-Dgalerne.seed` sets it.
public final class Seed {
  private static final String PROPERTY = "galerne.seed";

  private Seed() {}

  public static Random random(String use) {
    long seed = Long.getLong(PROPERTY, System.nanoTime());
    System.out.println(use + ": -D" + PROPERTY + "=" + seed);
    return new Random(seed);
  }
}
