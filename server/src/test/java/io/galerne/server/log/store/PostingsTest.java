package io.galerne.server.log.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PostingsTest {
  @Test
  void aUnionContainsEverySet() {
    compare((sets, all) -> sets.forEach(all::addAll), Postings::union);
  }

  @Test
  void anIntersectionContainsOnlyCommonSequences() {
    compare(
        (sets, all) -> {
          all.addAll(sets.getFirst());
          sets.forEach(all::retainAll);
        },
        Postings::intersection);
  }

  @Test
  void intersectsUnions() {
    long seed = System.nanoTime();
    System.out.println("PostingsTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 300; round++) {
      TreeSet<Long> expected = null;
      List<Postings> terms = new ArrayList<>();
      for (int term = 1 + random.nextInt(3); term > 0; term--) {
        TreeSet<Long> any = new TreeSet<>();
        List<Postings> alternatives = new ArrayList<>();
        for (int set = 1 + random.nextInt(4); set > 0; set--) {
          TreeSet<Long> sequences = sequences(random);
          any.addAll(sequences);
          alternatives.add(walk(sequences));
        }
        terms.add(Postings.union(alternatives));
        if (expected == null) {
          expected = any;
        } else {
          expected.retainAll(any);
        }
      }
      assertWalks(Postings.intersection(terms), expected, random, "seed " + seed);
    }
  }

  private interface Oracle {
    void combine(List<TreeSet<Long>> sets, TreeSet<Long> result);
  }

  private interface Combination {
    Postings of(List<Postings> sets);
  }

  private static void compare(Oracle oracle, Combination combination) {
    long seed = System.nanoTime();
    System.out.println("PostingsTest seed " + seed);
    Random random = new Random(seed);
    for (int round = 0; round < 500; round++) {
      List<TreeSet<Long>> sets = new ArrayList<>();
      for (int set = 1 + random.nextInt(5); set > 0; set--) {
        sets.add(sequences(random));
      }
      TreeSet<Long> expected = new TreeSet<>();
      oracle.combine(sets, expected);
      Postings postings = combination.of(sets.stream().map(PostingsTest::walk).toList());
      assertWalks(postings, expected, random, "seed " + seed);
    }
  }

  private static TreeSet<Long> sequences(Random random) {
    TreeSet<Long> sequences = new TreeSet<>();
    int range = 1 + random.nextInt(60);
    for (int count = random.nextInt(50); count > 0; count--) {
      sequences.add(1L + random.nextInt(range));
    }
    return sequences;
  }

  /// Asserts that the set is only walked forwards.
  private static Postings walk(TreeSet<Long> sequences) {
    long[] last = {0};
    return from -> {
      assertThat(from).as("a walk goes forwards").isGreaterThanOrEqualTo(last[0]);
      last[0] = from;
      Long found = sequences.ceiling(from);
      return found == null ? Postings.NONE : found;
    };
  }

  /// Walks in leaps, sometimes to the same position again.
  private static void assertWalks(
      Postings postings, TreeSet<Long> expected, Random random, String seed) {
    long from = 1 + random.nextInt(10);
    while (true) {
      long found = postings.next(from);
      Long wanted = expected.ceiling(from);
      assertThat(found).as(seed).isEqualTo(wanted == null ? Postings.NONE : wanted);
      if (found == Postings.NONE) {
        return;
      }
      from = random.nextInt(4) == 0 ? found : found + 1 + random.nextInt(3);
    }
  }
}
