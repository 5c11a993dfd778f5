package io.galerne.client.payload;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.JsonPayload;
import io.galerne.protocol.Payload;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;

/// A test vector: an encoded payload, everything needed to decode it, and the expected result.
///
/// @param stored the content of the bucket, in base64
record PayloadVector(
    String name, List<String> keys, Map<String, String> stored, Payload payload, Json decoded) {
  static final String MAIN = "0d6e4079e36703ebd37c00722f5891d28b0e2811dc114b129215123adcce3605";
  static final String SECONDARY =
      "c0f69e19ba252767f183158737ab1bc44f42380d2473ece23a4f276ae7c80dff";

  /// Compares numbers by value: the official client writes 1.50 as 1.5.
  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  static List<PayloadVector> read(String file) {
    return Json.of(text(file)).tree().valueStream().map(PayloadVector::of).toList();
  }

  static String text(String file) {
    try (InputStream in = PayloadVector.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new FileNotFoundException(file);
      }
      return new String(in.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static PayloadVector official(String name) {
    return read("official-payloads.json").stream()
        .filter(each -> each.name.equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static PayloadVector of(JsonNode vector) {
    JsonNode payload = vector.get("payload");
    Json value = Json.ofValue(payload.get("value"));
    List<String> options = strings(payload.get("encoding_options"));
    return new PayloadVector(
        vector.get("name").stringValue(),
        strings(vector.get("keys")),
        Json.ofValue(vector.get("stored")).as(new TypeReference<TreeMap<String, String>>() {}),
        payload.get("type").stringValue().equals("json")
            ? new JsonPayload(value, options)
            : new JsonPatchPayload(value, options),
        Json.ofValue(vector.get("decoded")));
  }

  private static List<String> strings(JsonNode array) {
    return array.valueStream().map(JsonNode::stringValue).toList();
  }

  PayloadDecoder decoder() {
    PayloadDecoder.Builder builder = PayloadDecoder.builder().store(this::fetch);
    if (!keys.isEmpty()) {
      builder.key(keys.get(0));
    }
    if (keys.size() > 1) {
      builder.secondaryKey(keys.get(1));
    }
    return builder.build();
  }

  private byte[] fetch(String key) throws IOException {
    String blob = stored.get(key);
    if (blob == null) {
      throw new FileNotFoundException(key);
    }
    return Base64.getDecoder().decode(blob);
  }

  boolean isDecodedBy(Payload found) {
    return found.type().equals(payload.type())
        && !found.isEncoded()
        && EventPayloads.value(found).tree().equals(BY_VALUE, decoded.tree());
  }

  @Override
  public String toString() {
    return name;
  }
}
