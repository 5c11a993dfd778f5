package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.fault.TooLargeException;
import io.galerne.server.ingest.Published.Form;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Field;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import io.galerne.server.log.Scenario;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Bodies with random changes: each is refused with its faults, or rendered as one line of valid
/// JSON with what was sent and only nulls and defaults added.
class PublishBodyFuzzTest {
  private static final int ROUNDS = 12_000;

  /// Fragments that a change may insert, meaningful in JSON or in the contract.
  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\\",
          "\\u",
          "\\ud83c",
          "\n",
          "\r",
          " ",
          "\t",
          "0",
          "-",
          "1e9",
          ".5",
          "null",
          "true",
          "{}",
          "[]",
          "\"\"",
          "\"a\":",
          "\"event\":",
          "\"event_id\":\"x\",",
          "\"attributes\":{},",
          "\"event_type\":\"CUSTOM_TASK_CANCELED\",",
          "\"value\":1,",
          "\"type\":\"json_patch\",",
          "\"metadata\":{\"a\":1},",
          "\"stream\":\"s\",",
          "é",
          "\uD83C\uDF2C",
          "\u0000",
          "\uFEFF");

  private static final Set<String> PUT_IN_AS_NULL =
      Set.of(
          "parent_workflow_exec_id",
          "continued_run_id",
          "first_execution_run_id",
          "chain_run_id",
          "schedule_id",
          "display_name",
          "reason",
          "timeout_type",
          "encoding_options",
          "value");

  @Test
  void refusesOrKeepsAnyBody() {
    long seed = System.nanoTime();
    System.out.println("PublishBodyFuzzTest seed " + seed);
    Random random = new Random(seed);
    List<byte[]> seeds = seeds(seed);
    int passed = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Form form = Form.values()[random.nextInt(Form.values().length)];
      byte[] body = mutated(form.around("\u0001"), seeds, random);
      try {
        for (EventRecord record : read(form, body, seed, round)) {
          check(record);
          passed++;
        }
      } catch (AssertionError e) {
        throw new AssertionError(describe(seed, round, form, body), e);
      }
    }
    assertThat(passed).isGreaterThan(ROUNDS / 20);
  }

  private static List<byte[]> seeds(long seed) {
    List<byte[]> seeds = new ArrayList<>();
    Scenario.bodies()
        .forEach(body -> seeds.add(body.substring(9, body.length() - 1).strip().getBytes(UTF_8)));
    RandomEvents random = new RandomEvents(seed);
    for (EventType type : EventType.values()) {
      seeds.add(SampleEvent.of(type).event().getBytes(UTF_8));
      seeds.add(Schema.full(type).event().getBytes(UTF_8));
      seeds.add(random.next().event().getBytes(UTF_8));
    }
    return seeds;
  }

  /// A valid event in its form, with up to four changes.
  private static byte[] mutated(byte[] form, List<byte[]> seeds, Random random) {
    byte[] event = seeds.get(random.nextInt(seeds.size()));
    int hole = new String(form, UTF_8).indexOf('\u0001');
    byte[] body = splice(form, hole, hole + 1, event);
    for (int changes = random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(body.length + 1);
      int end = Math.min(body.length, at + random.nextInt(4));
      switch (random.nextInt(6)) {
        case 0 -> body = splice(body, at, end, new byte[0]);
        case 1 -> body = splice(body, at, at, piece(random));
        case 2 -> body = splice(body, at, end, piece(random));
        case 3 -> body = splice(body, at, at, Arrays.copyOfRange(body, at, end));
        case 4 -> {
          if (at < body.length) {
            body[at] ^= (byte) (1 << random.nextInt(8));
          }
        }
        default -> {
          byte[] other = seeds.get(random.nextInt(seeds.size()));
          int from = random.nextInt(other.length);
          int to = Math.min(other.length, from + random.nextInt(40));
          body = splice(body, at, end, Arrays.copyOfRange(other, from, to));
        }
      }
    }
    return body;
  }

  private static byte[] piece(Random random) {
    return PIECES.get(random.nextInt(PIECES.size())).getBytes(UTF_8);
  }

  private static byte[] splice(byte[] body, int from, int to, byte[] piece) {
    byte[] result = new byte[body.length - (to - from) + piece.length];
    System.arraycopy(body, 0, result, 0, from);
    System.arraycopy(piece, 0, result, from, piece.length);
    System.arraycopy(body, to, result, from + piece.length, body.length - to);
    return result;
  }

  private static List<EventRecord> read(Form form, byte[] body, long seed, int round) {
    try {
      List<EventRecord> records = form.read(body);
      compare(form, body, records);
      return records;
    } catch (InvalidRequestException e) {
      checkFaults(e.faults());
      return List.of();
    } catch (TooLargeException e) {
      return List.of();
    } catch (RuntimeException e) {
      throw new AssertionError(describe(seed, round, form, body), e);
    }
  }

  private static void checkFaults(List<Fault> faults) {
    assertThat(faults).isNotEmpty();
    for (Fault fault : faults) {
      assertThat(fault.loc()).startsWith("body");
      assertThat(Published.isJson(fault.input())).as("input of %s", fault).isTrue();
      assertThat(fault.ctx().isEmpty() || Published.isJson(fault.ctx())).as("%s", fault).isTrue();
    }
  }

  private static void check(EventRecord record) {
    String body = Published.body(record);
    assertThat(body).doesNotContain("\n", "\r");
    assertThat(Published.isJson(body + "7}")).isTrue();
    assertThat(record.keys()).isNotEmpty();
    JsonNode streamEvent;
    try {
      streamEvent = Published.tree(record);
    } catch (JacksonException | NumberFormatException e) {
      return; // a JSON number that BigDecimal cannot represent
    }
    assertThat(streamEvent.path("broker_sequence").intValue()).isEqualTo(7);
    JsonNode data = streamEvent.path("data");
    assertThat(data).isEqualTo(Published.JSON.readTree(Published.data(record)));
    assertThat(record.text(Field.EVENT_ID)).isEqualTo(data.path("event_id").stringValue());
    assertThat(record.text(Field.WORKFLOW_EXEC_ID))
        .isEqualTo(data.path("workflow_exec_id").stringValue());
    assertThat(record.text(Field.STREAM)).isEqualTo(streamEvent.path("stream").stringValue());
    assertThat(streamEvent.path("workflow_context").path("workflow_name"))
        .isEqualTo(data.path("workflow_name"));
  }

  /// Every event of the body, as Jackson parses it, is there with only the allowed insertions.
  private static void compare(Form form, byte[] published, List<EventRecord> records) {
    JsonNode root;
    try {
      root = Published.JSON.readTree(published);
    } catch (JacksonException e) {
      records.forEach(
          record -> assertThat(Published.isJson(Published.body(record) + "7}")).isTrue());
      return; // a JSON number that BigDecimal cannot represent
    }
    List<JsonNode> sent = new ArrayList<>();
    switch (form) {
      case SINGLE -> sent.add(root.path("event"));
      case STREAM_EVENT -> sent.add(root.path("event").path("data"));
      case BATCH, SECOND_OF_BATCH, ENVELOPE_IN_BATCH ->
          root.path("events")
              .forEach(item -> sent.add(item.has("event_type") ? item : item.path("event")));
    }
    assertThat(records).hasSameSizeAs(sent);
    for (int i = 0; i < sent.size(); i++) {
      assertKept(sent.get(i), Published.tree(records.get(i)).path("data"));
    }
  }

  private static void assertKept(JsonNode sent, JsonNode found) {
    if (sent.isArray()) {
      assertThat(found.size()).isEqualTo(sent.size());
      for (int i = 0; i < sent.size(); i++) {
        assertKept(sent.get(i), found.get(i));
      }
      return;
    }
    if (!sent.isObject()) {
      assertThat(found).isEqualTo(sent);
      return;
    }
    assertThat(found.isObject()).isTrue();
    sent.properties()
        .forEach(member -> {
          assertThat(found.has(member.getKey())).as(member.getKey()).isTrue();
          assertKept(member.getValue(), found.get(member.getKey()));
        });
    found.properties().stream()
        .filter(member -> !sent.has(member.getKey()))
        .forEach(member -> assertPutIn(member.getKey(), member.getValue()));
  }

  private static void assertPutIn(String name, JsonNode value) {
    switch (name) {
      case "event_timestamp" -> assertThat(value.isIntegralNumber()).isTrue();
      case "type" -> assertThat(value.stringValue()).isEqualTo("json");
      default -> {
        assertThat(PUT_IN_AS_NULL).contains(name);
        assertThat(value.isNull()).isTrue();
      }
    }
  }

  private static String describe(long seed, int round, Form form, byte[] body) {
    return "Seed " + seed + ", round " + round + ", " + form + ": " + new String(body, UTF_8);
  }
}
