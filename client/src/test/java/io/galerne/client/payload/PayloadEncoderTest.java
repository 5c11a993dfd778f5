package io.galerne.client.payload;

import static io.galerne.client.payload.PayloadVector.MAIN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import io.galerne.protocol.UnknownPayload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PayloadEncoderTest {
  private static final String SECRET =
      "{\"user\": \"alice\", \"all\": [{\"field_type\": \"__encrypted_str__\", \"data\": \"hunter2 é😀\"},"
          + " [{\"deep\": {\"data\": \"hunter3\", \"field_type\": \"__encrypted_str__\"}}]], \"n\": 18446744073709551617}";
  private static final String PATCH =
      "[{\"op\":\"add\",\"path\":\"/a b\",\"value\":{\"x\":[1,2.50]}},"
          + "{\"op\":\"append\",\"path\":\"/log\",\"value\":\"line ✓\"},"
          + "{\"op\":\"remove\",\"path\":\"/old\",\"value\":null}]";

  private static Map<String, Payload> plain() {
    Map<String, Payload> payloads = new LinkedHashMap<>();
    payloads.put("null", new JsonPayload(Json.NULL));
    payloads.put("string", new JsonPayload(Json.of("\"é ✓ 😀\"")));
    payloads.put("secret", new JsonPayload(Json.of(SECRET)));
    payloads.put("long", new JsonPayload(Json.ofValue(List.of("Mistral ".repeat(200), 0.1))));
    payloads.put("patch", new JsonPatchPayload(Json.of(PATCH), List.of()));
    payloads.put("patch-of-nothing", new JsonPatchPayload(Json.of("[]"), List.of()));
    return payloads;
  }

  private static Map<String, PayloadEncoder> encoders() {
    Map<String, PayloadEncoder> encoders = new LinkedHashMap<>();
    encoders.put("full", encoder().encrypt(MAIN).build());
    encoders.put("full-128", encoder().encrypt(MAIN.substring(32)).build());
    encoders.put("partial", encoder().encryptPartially(MAIN).build());
    encoders.put("zstd", encoder().compressFrom(0).build());
    encoders.put(
        "zstd-full", encoder().compressFrom(100).compressionLevel(19).encrypt(MAIN).build());
    encoders.put("zstd-partial", encoder().compressFrom(100).encryptPartially(MAIN).build());
    return encoders;
  }

  private static PayloadEncoder.Builder encoder() {
    return PayloadEncoder.builder().random(new Counting());
  }

  /// Returns 1, 2, 3, …, so that encoded payloads are the same in every run.
  private static final class Counting extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private byte next;

    @Override
    public void nextBytes(byte[] bytes) {
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = ++next;
      }
    }
  }

  /// The official client decodes this file, in `tests/official-clients`. With
  /// `-Dgalerne.payloads.write=FILE` the file is rewritten.
  @Test
  void encodesTheOfficialClientsTestVectors() throws IOException {
    List<PayloadVector> made = new ArrayList<>();
    encoders().forEach((mode, encoder) -> made.addAll(vectors(mode, encoder)));
    String text =
        "[\n" + made.stream().map(PayloadEncoderTest::json).collect(joining(",\n")) + "\n]\n";
    String file = System.getProperty("galerne.payloads.write");
    if (file != null) {
      Files.writeString(Path.of(file), text);
    }
    assertThat(text).isEqualTo(PayloadVector.text("galerne-payloads.json"));
    assertThat(made)
        .allSatisfy(vector ->
            assertThat(vector.decoder().decode(vector.payload())).matches(vector::isDecodedBy));
  }

  private static List<PayloadVector> vectors(String mode, PayloadEncoder encoder) {
    List<PayloadVector> made = new ArrayList<>();
    String key = mode.equals("full-128") ? MAIN.substring(32) : MAIN;
    List<String> keys = mode.equals("zstd") ? List.of() : List.of(key);
    plain()
        .forEach((name, payload) -> {
          Payload encoded = encoder.encode(payload);
          if (encoded.isEncoded()) {
            Json value = EventPayloads.value(payload);
            made.add(new PayloadVector(mode + "/" + name, keys, Map.of(), encoded, value));
          }
        });
    return made;
  }

  private static String json(PayloadVector vector) {
    String payload =
        "{\"type\":\"%s\",\"value\":%s,\"encoding_options\":%s}"
            .formatted(
                vector.payload().type(),
                EventPayloads.value(vector.payload()),
                Json.ofValue(vector.payload().encodingOptions()));
    return "{\"name\":%s,\"keys\":%s,\"stored\":{},\"payload\":%s,\"decoded\":%s}"
        .formatted(
            Json.ofValue(vector.name()), Json.ofValue(vector.keys()), payload, vector.decoded());
  }

  @Test
  void roundTripsByteForByte() {
    PayloadDecoder decoder = PayloadDecoder.builder().key(MAIN).build();
    for (String mode : List.of("full", "zstd", "zstd-full")) {
      plain()
          .values()
          .forEach(payload ->
              assertThat(decoder.decode(encoders().get(mode).encode(payload))).isEqualTo(payload));
    }
  }

  @Test
  void usesANewNonceEveryTime() {
    PayloadEncoder encoder = PayloadEncoder.builder().encrypt(MAIN).build();
    Payload payload = Payload.of("same");
    assertThat(encoder.encode(payload)).isNotEqualTo(encoder.encode(payload));
  }

  @Test
  void compressesLargePayloadsIfTheyBecomeSmaller() {
    PayloadEncoder encoder = PayloadEncoder.builder().compressFrom(102).build();
    Payload small = Payload.of("a".repeat(99));
    Payload large = Payload.of("a".repeat(100));
    assertThat(encoder.encode(small)).isSameAs(small);
    assertThat(encoder.encode(large).encodingOptions()).containsExactly("compressed");
    Payload dense = PayloadEncoder.builder().compressFrom(0).build().encode(Payload.of(1));
    assertThat(dense).isEqualTo(Payload.of(1));
    Payload halfMebibyte = Payload.of("a".repeat(512 * 1024));
    PayloadEncoder byDefault = PayloadEncoder.builder().compress().build();
    assertThat(byDefault.encode(halfMebibyte)).isSameAs(halfMebibyte);
    Payload twoMebibytes = Payload.of("a".repeat(2 * 1024 * 1024));
    assertThat(byDefault.encode(twoMebibytes).isEncoded()).isTrue();
  }

  @Test
  void encodesInTheOfficialClientsOrder() {
    Payload payload = plain().get("long");
    Payload marked =
        Payload.of(
            Map.of("field_type", "__encrypted_str__", "data", "hunter2", "text", "a".repeat(500)));
    assertThat(encoders().get("zstd-full").encode(payload).encodingOptions())
        .containsExactly("compressed", "encrypted");
    assertThat(encoders().get("zstd-partial").encode(marked).encodingOptions())
        .containsExactly("encrypted-partial", "compressed");
  }

  @Test
  void partialEncryptionEncryptsOnlyMarkedStrings() {
    PayloadEncoder encoder = PayloadEncoder.builder().encryptPartially(MAIN).build();
    Payload encoded = encoder.encode(plain().get("secret"));
    String text =
        new String(
            Base64.getDecoder().decode(EventPayloads.value(encoded).as(String.class)), UTF_8);
    assertThat(text)
        .startsWith(
            "{\"user\": \"alice\", \"all\": [{\"field_type\": \"__encrypted_str__\", \"data\": \"")
        .endsWith("\"field_type\": \"__encrypted_str__\"}}]], \"n\": 18446744073709551617}")
        .doesNotContain("hunter");
    Payload unmarked = Payload.of(Map.of("data", "x", "field_type", "other"));
    assertThat(encoder.encode(unmarked)).isSameAs(unmarked);
  }

  @Test
  void encryptsTheValuesOfAPatchAndLeavesItsPaths() {
    JsonPatchPayload encoded =
        (JsonPatchPayload) encoders().get("zstd-partial").encode(plain().get("patch"));
    assertThat(encoded.encodingOptions()).containsExactly("encrypted-partial");
    assertThat(encoded.value().text())
        .matches(
            "\\[\\{\"op\":\"add\",\"path\":\"/a b\",\"value\":\\{\"type\":\"__encrypted__\",\"value\":\"[^\"]+\"}},"
                + "\\{\"op\":\"append\",\"path\":\"/log\",\"value\":\\{\"type\":\"__encrypted__\",\"value\":\"[^\"]+\"}},"
                + "\\{\"op\":\"remove\",\"path\":\"/old\",\"value\":\\{\"type\":\"__encrypted__\",\"value\":\"[^\"]+\"}}]");
  }

  @Test
  void encodesThePayloadAndKeepsTheRestOfTheEvent() {
    PayloadDecoder decoder = PayloadDecoder.builder().key(MAIN).build();
    PayloadEncoder encoder = PayloadEncoder.builder().encrypt(MAIN).build();
    String event =
        "{ \"attributes\": {\"failure\": {\"message\":\"m\",\"value\":1}, \"result\": {\"value\": \"hunter2\" %s}},"
            + " \"event_type\":\"NEW\",\"more\":1.50}";
    for (String options : List.of("", ", \"encoding_options\": null", ",\"encoding_options\":[]")) {
      Event plain = EventReader.event(event.formatted(options));
      Event encoded = encoder.encode(plain);
      assertThat(encoded.json().text())
          .startsWith(
              "{ \"attributes\": {\"failure\": {\"message\":\"m\",\"value\":1}, \"result\": {\"value\": \"")
          .contains("[\"encrypted\"]}}")
          .endsWith(", \"event_type\":\"NEW\",\"more\":1.50}")
          .doesNotContain("hunter2");
      assertThat(decoder.decode(encoded).json().tree().at("/attributes/result"))
          .isEqualTo(Json.of("{\"value\":\"hunter2\",\"encoding_options\":[]}").tree());
    }
  }

  @Test
  void refusesUnencodablePayloads() {
    PayloadEncoder full = encoders().get("full");
    PayloadEncoder partial = encoders().get("partial");
    assertRefused(full, full.encode(Payload.of(1)), "The payload is already encoded: [encrypted]");
    Payload unknown =
        new UnknownPayload("new", Json.of("{\"type\":\"new\",\"value\":\"hunter2\"}"));
    String notKnown = "A payload of the type new cannot be encrypted: the type is not known";
    assertRefused(full, unknown, notKnown);
    assertThatIllegalArgumentException()
        .isThrownBy(() ->
            full.encode(
                EventReader.event(
                    "{\"attributes\":{\"payload\":" + EventPayloads.value(unknown) + "}}")))
        .withMessage(notKnown);
    assertThat(encoders().get("zstd").encode(unknown)).isSameAs(unknown);
    assertRefused(
        partial,
        Payload.of(Map.of("field_type", "__encrypted_str__", "data", List.of("hunter2"))),
        "The payload cannot be encrypted: an object is marked as __encrypted_str__, but has no"
            + " string of data");
    assertRefused(
        partial,
        Payload.of(Map.of("field_type", "__encrypted_str__", "data", "\ud83d")),
        "A string has a lone surrogate");
    for (int level : List.of(0, 23)) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> PayloadEncoder.builder().compressionLevel(level));
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> PayloadEncoder.builder().compressFrom(-1));
  }

  private static void assertRefused(PayloadEncoder encoder, Payload payload, String why) {
    assertThatIllegalArgumentException().isThrownBy(() -> encoder.encode(payload)).withMessage(why);
  }
}
