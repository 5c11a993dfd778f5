package io.galerne.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.HexFormat;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class IdHashTest {
  private static final IdHash.Key KEY = new IdHash.Key(1, 2);

  private static IdHash hash(String namespace, String id) {
    return KEY.of(SampleEvent.any().id(id).record(namespace));
  }

  @Test
  void isTheSameForTheSameNamespaceAndId() {
    assertThat(hash("acme", "one")).isEqualTo(hash("acme", "one"));
  }

  @Test
  void distinguishesNamespacesAndIds() {
    Set<IdHash> hashes = new HashSet<>();
    for (String namespace : new String[] {"a", "ab", "abc", "abcdefgh", "abcdefghi"}) {
      for (String id :
          new String[] {"b", "bc", "c", "cdefghi", "defgh", "abcdefgh", "\0", "\0\0"}) {
        assertThat(hashes.add(hash(namespace, id))).as("%s, %s", namespace, id).isTrue();
      }
    }
  }

  @Test
  void dependsOnTheSecret() {
    EventRecord event = SampleEvent.any().record("acme");
    assertThat(new IdHash.Key(1, 3).of(event)).isNotEqualTo(KEY.of(event));
    assertThat(IdHash.Key.random()).isNotEqualTo(IdHash.Key.random());
  }

  @Test
  void spreadsOverAllBits() {
    long seed = System.nanoTime();
    System.out.println("IdHashTest seed " + seed);
    Random random = new Random(seed);
    int[] ones = new int[128];
    int rounds = 2000;
    for (int i = 0; i < rounds; i++) {
      IdHash hash = hash("acme", HexFormat.of().toHexDigits(random.nextLong()));
      for (int bit = 0; bit < 64; bit++) {
        ones[bit] += (int) (hash.high() >>> bit & 1);
        ones[64 + bit] += (int) (hash.low() >>> bit & 1);
      }
    }
    for (int count : ones) {
      assertThat(count).as("seed %s", seed).isBetween(800, 1200);
    }
  }
}
