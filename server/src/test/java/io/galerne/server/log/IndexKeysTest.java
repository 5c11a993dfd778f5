package io.galerne.server.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The pinned keys come from an independent implementation of FNV-1a and MurmurHash3's finalizer.
/// They are on disk: a change would make stored events unfindable.
class IndexKeysTest {
  private static final byte[] ACME = "acme".getBytes(UTF_8);

  @Test
  void keepsTheKeyOfANamespace() {
    assertKey(IndexKeys.ofNamespace(ACME), "0de983c86548b9ff");
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_EXEC_ID,        38809fc3318cd8d0",
    "ROOT_WORKFLOW_EXEC_ID,   c15b540d6f4f3716",
    "PARENT_WORKFLOW_EXEC_ID, 3e7b2c1eb1bf1666",
    "WORKFLOW_RUN_ID,         953404a54698a31c",
    "WORKFLOW_NAME,           679d518e12043c4a",
    "ACTIVITY_NAME,           75fbd7a8bdba940e",
    "ACTIVITY_ID,             7dde57cea6ef755c",
    "STREAM,                  d4e6aaa3e4b56001",
  })
  void keepsTheKeyOfAValue(Field field, String hex) {
    assertKey(IndexKeys.ofValue(ACME, field, "é1".getBytes(UTF_8)), hex);
  }

  @ParameterizedTest
  @CsvSource({
    "WORKFLOW_EXECUTION_STARTED, 03a8eca2c3022723",
    "ACTIVITY_TASK_FAILED,       e6fdd1d1c13259f0",
  })
  void keepsTheKeyOfAType(EventType type, String hex) {
    assertKey(IndexKeys.ofType(ACME, type), hex);
  }

  @ParameterizedTest
  @CsvSource({
    "tenant, acme,             3bc06874b685364c",
    "k,      true,             f6b342e06854186f",
    "k,      null,             30cd179376f92bf3",
    "k,      0,                7417079f6af828b6",
    "k,      1,                d3d378539042ce78",
    "k,      1E+2,             7984533c651467c4",
    "k,      9007199254740993, 4abf0d1c4873bc1b",
  })
  void keepsTheKeyOfAMetadataMember(String member, String canonicalValue, String hex) {
    assertKey(IndexKeys.ofMetadata(ACME, member, canonicalValue), hex);
  }

  /// The keys on disk depend on the canonical text of a value.
  @ParameterizedTest
  @CsvSource({
    "0,                    0",
    "-0,                   0",
    "0.0,                  0",
    "1.0,                  1",
    "100,                  1E+2",
    "1e2,                  1E+2",
    "\"1e2\",              1E+2",
    "0.0000001,            1E-7",
    "1e400,                1E+400",
    "9007199254740993.00,  9007199254740993",
    "true,                 true",
    "\"true\",             true",
    "null,                 null",
    "\"null\",             null",
    "\"01\",               01",
    "\"a b\",              a b",
  })
  void equalValuesHaveTheSameCanonicalText(String json, String canonical) {
    assertThat(Metadata.canonical(FilterOracle.JSON.readTree(json))).isEqualTo(canonical);
  }

  @Test
  void anEventHasAKeyForEveryFilterableValue() {
    EventRecord event =
        SampleEvent.of(EventType.ACTIVITY_TASK_STARTED)
            .exec("e")
            .root("r")
            .parent("p")
            .run("u")
            .workflow("w")
            .attribute("activity_name", "\"an\"")
            .attribute("task_id", "\"ai\"")
            .stream("s")
            .metadata("{\"a\":1.0,\"b\":\"x\",\"c\":null,\"d\":[1],\"e\":{}}")
            .record("acme");
    assertThat(event.keys())
        .containsExactlyInAnyOrder(
            IndexKeys.ofNamespace(ACME),
            IndexKeys.ofType(ACME, EventType.ACTIVITY_TASK_STARTED),
            value(Field.WORKFLOW_EXEC_ID, "e"),
            value(Field.ROOT_WORKFLOW_EXEC_ID, "r"),
            value(Field.PARENT_WORKFLOW_EXEC_ID, "p"),
            value(Field.WORKFLOW_RUN_ID, "u"),
            value(Field.WORKFLOW_NAME, "w"),
            value(Field.ACTIVITY_NAME, "an"),
            value(Field.ACTIVITY_ID, "ai"),
            value(Field.STREAM, "s"),
            IndexKeys.ofMetadata(ACME, "a", "1"),
            IndexKeys.ofMetadata(ACME, "b", "x"),
            IndexKeys.ofMetadata(ACME, "c", "null"));
  }

  @Test
  void distinguishesDimensionsNamespacesAndValues() {
    Set<Long> keys = new HashSet<>();
    int count = 0;
    for (String namespace : List.of("acme", "other", "a", "ac")) {
      byte[] name = namespace.getBytes(UTF_8);
      keys.add(IndexKeys.ofNamespace(name));
      count++;
      for (EventType type : EventType.values()) {
        keys.add(IndexKeys.ofType(name, type));
        count++;
      }
      for (String text : new LinkedHashSet<>(RandomEvents.TEXTS)) {
        for (Field field : FilterContract.FIELDS) {
          keys.add(IndexKeys.ofValue(name, field, text.getBytes(UTF_8)));
          count++;
        }
        keys.add(IndexKeys.ofMetadata(name, "k", text));
        keys.add(IndexKeys.ofMetadata(name, "k" + text, "k"));
        count += 2;
      }
    }
    assertThat(keys).hasSize(count);
  }

  private static long value(Field field, String text) {
    return IndexKeys.ofValue(ACME, field, text.getBytes(UTF_8));
  }

  private static void assertKey(long key, String hex) {
    assertThat(HexFormat.of().toHexDigits(key)).isEqualTo(hex);
  }
}
