package io.galerne.client.payload;

import static io.galerne.client.payload.EncodingOption.COMPRESSED;
import static io.galerne.client.payload.EncodingOption.ENCRYPTED;
import static io.galerne.client.payload.EncodingOption.ENCRYPTED_PARTIAL;
import static io.galerne.client.payload.EncodingOption.OFFLOADED;

import io.galerne.client.error.DecodingException;
import io.galerne.protocol.Event;
import io.galerne.protocol.Json;
import io.galerne.protocol.JsonPatchPayload;
import io.galerne.protocol.MalformedEventException;
import io.galerne.protocol.Payload;
import io.galerne.protocol.StreamEvent;
import io.galerne.protocol.UnknownPayload;
import java.io.IOException;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.crypto.SecretKey;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Undoes what workers did to payloads: `encrypted`, `encrypted-partial`, `compressed` and
/// `offloaded`, the last done first. Immutable, and may be used by any number of threads.
///
/// ```java
/// PayloadDecoder decoder =
///     PayloadDecoder.builder().key(System.getenv("PAYLOAD_KEY")).build();
/// Event event = decoder.decode(received);
/// Mistral mistral = Mistral.builder().decodePayloads(decoder).build(); // does it by itself
/// ```
///
/// Compressed payloads need `com.github.luben:zstd-jni` on the class path; without it they are a
/// [DecodingException], and all others are decoded. Every method that decodes throws that where a
/// payload is encoded in a way that is not known or was not configured, where no key fits, where it
/// was cut, and where it is larger than [#MAX_BYTES]. The exception names the event and what to do,
/// and shows nothing of the key or of the payload.
public final class PayloadDecoder {
  /// No payload may be larger at any step of its decoding: 64 MiB. Stops a small payload that
  /// decompresses to more than there is memory for. Workers offload from 1 MiB on.
  public static final int MAX_BYTES = 64 * 1024 * 1024;

  /// What [#MAX_BYTES] are in base64.
  private static final int MAX_BASE64_CHARS = (MAX_BYTES + 2) / 3 * 4;

  /// Workers do each thing once at most. Stops payloads that were compressed over and over.
  private static final int MAX_OPTIONS = 8;

  private static final Set<String> KNOWN =
      Set.of(COMPRESSED, ENCRYPTED, ENCRYPTED_PARTIAL, OFFLOADED);

  private final @Nullable EncryptionKeys keys;
  private final @Nullable PayloadStore store;

  private PayloadDecoder(Builder builder) {
    this.keys = builder.key == null ? null : new EncryptionKeys(builder.key, builder.secondaryKey);
    this.store = builder.store;
  }

  public static Builder builder() {
    return new Builder();
  }

  /// The event with every payload decoded: without encoding options, and in its JSON the value that
  /// the worker had, while everything else stays as it came, to the byte. The same event, where no
  /// payload is encoded. An [io.galerne.protocol.UnknownEvent] is decoded too: whatever attributes
  /// have the form of a payload.
  ///
  /// @throws DecodingException where a payload cannot be decoded
  public Event decode(Event event) {
    if (!mayBeEncoded(event.json())) {
      return event;
    }
    try {
      return EventPayloads.replace(
          event, (attribute, payload) -> decode(event, attribute, payload));
    } catch (MalformedEventException e) {
      throw tooDeep(event);
    }
  }

  /// The stream event with every payload of its event decoded, as [#decode(Event)] does.
  ///
  /// @throws DecodingException where a payload cannot be decoded
  public StreamEvent decode(StreamEvent event) {
    if (!mayBeEncoded(event.json())) {
      return event;
    }
    Event data = event.data();
    try {
      return EventPayloads.replace(event, (attribute, payload) -> decode(data, attribute, payload));
    } catch (MalformedEventException e) {
      throw tooDeep(data);
    }
  }

  /// The payload decoded, without encoding options; the same, where it is not encoded. Payloads of a
  /// type that is not known stay as they are.
  ///
  /// @throws DecodingException where it cannot be decoded
  public Payload decode(Payload payload) {
    try {
      return decoded(payload);
    } catch (PayloadFault e) {
      throw new DecodingException("A payload cannot be decoded: " + e.getMessage(), e.getCause());
    }
  }

  private static boolean mayBeEncoded(Json event) {
    return event.text().contains("encoding_options");
  }

  private Payload decode(Event event, String attribute, Payload payload) {
    try {
      return decoded(payload);
    } catch (PayloadFault e) {
      throw new DecodingException(undecodable(event, attribute) + e.getMessage(), e.getCause());
    }
  }

  private static String undecodable(Event event, String payload) {
    return "The %s of the event %s (%s of %s) cannot be decoded: "
        .formatted(payload, event.eventId(), event.eventType(), event.workflowExecId());
  }

  /// Without the cause: that may show what the payload holds.
  private static DecodingException tooDeep(Event event) {
    return new DecodingException(
        undecodable(event, "payload") + "the event would be nested too deeply with it", null);
  }

  private Payload decoded(Payload payload) throws PayloadFault {
    if (!payload.isEncoded() || payload instanceof UnknownPayload) {
      return payload;
    }
    List<String> options = payload.encodingOptions();
    check(options);
    boolean isPatch = payload instanceof JsonPatchPayload;
    Json value = EventPayloads.value(payload);
    boolean byValue =
        isPatch && EventPayloads.isArray(value) && options.contains(ENCRYPTED_PARTIAL);
    Json decoded = byValue ? PatchValues.unwrap(value, this::unwrapped) : whole(value, options);
    if (isPatch && !EventPayloads.isArray(decoded)) {
      throw new PayloadFault(
          "it is a JSON Patch, but what it decodes to is no array of operations");
    }
    return EventPayloads.with(payload, decoded, List.of());
  }

  private static void check(List<String> options) throws PayloadFault {
    for (String option : options) {
      if (!KNOWN.contains(option)) {
        throw new PayloadFault(
            "its encoding option " + Json.ofValue(option) + " is not known; use a newer client");
      }
    }
    if (options.size() > MAX_OPTIONS) {
      throw new PayloadFault("it has more than " + MAX_OPTIONS + " encoding options");
    }
  }

  private Json unwrapped(String data) throws PayloadFault {
    return json(decrypted(base64(data)));
  }

  private Json whole(Json value, List<String> options) throws PayloadFault {
    if (value.text().charAt(0) != '"') {
      if (options.equals(List.of(ENCRYPTED_PARTIAL))) {
        return withMarkedStringsDecrypted(value);
      }
      throw new PayloadFault("its value is no string of base64, which its encoding options demand");
    }
    byte[] bytes = base64(value.as(String.class));
    for (int i = options.size() - 1; i >= 0; i--) {
      bytes =
          switch (options.get(i)) {
            case ENCRYPTED -> decrypted(bytes);
            case COMPRESSED -> decompressed(bytes);
            case OFFLOADED -> fetched(bytes);
            default -> Utf8.bytes(withMarkedStringsDecrypted(json(bytes)).text());
          };
    }
    return json(bytes);
  }

  private static byte[] base64(String text) throws PayloadFault {
    if (text.length() > MAX_BASE64_CHARS) {
      throw new PayloadFault("it has more than " + MAX_BYTES + " bytes");
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw new PayloadFault("it is not base64, or was cut");
    }
  }

  /// Without a cause: that may show what the text holds.
  private static Json json(byte[] bytes) throws PayloadFault {
    try {
      return Json.of(Utf8.text(bytes));
    } catch (MalformedEventException e) {
      throw new PayloadFault("what it decodes to is not JSON, or is nested too deeply");
    }
  }

  private byte[] decrypted(byte[] encrypted) throws PayloadFault {
    if (keys == null) {
      throw new PayloadFault("it is encrypted, and no key is configured; set PayloadDecoder's key");
    }
    return keys.decrypt(encrypted);
  }

  private Json withMarkedStringsDecrypted(Json value) throws PayloadFault {
    try {
      return MarkedStrings.replace(value, data -> Utf8.text(decrypted(base64(data))));
    } catch (MarkedStrings.MarkWithoutData e) {
      throw new PayloadFault(String.valueOf(e.getMessage()));
    }
  }

  private static byte[] decompressed(byte[] envelope) throws PayloadFault {
    byte[] compressed = CompressedEnvelope.read(envelope);
    try {
      return ZstdCompression.decompress(compressed, MAX_BYTES);
    } catch (LinkageError e) {
      throw new PayloadFault("it is compressed; " + ZstdCompression.HOW_TO_HAVE_IT, e);
    }
  }

  private byte[] fetched(byte[] reference) throws PayloadFault {
    JsonNode key = json(reference).tree().path("key");
    if (!key.isString()) {
      throw new PayloadFault("it is offloaded, but does not name a key");
    } else if (store == null) {
      throw new PayloadFault(
          "it is offloaded, and no store is configured; set PayloadDecoder's store");
    }
    String stored = "what is stored as " + key;
    byte[] bytes;
    try {
      bytes = store.fetch(key.stringValue());
    } catch (IOException | RuntimeException e) {
      throw new PayloadFault(stored + " cannot be fetched: " + e.getMessage(), e);
    }
    if (bytes.length > MAX_BYTES) {
      throw new PayloadFault(stored + " has more than " + MAX_BYTES + " bytes");
    }
    return bytes;
  }

  /// Says what is needed to decode. Nothing is required: what is not given is only missed where a
  /// payload needs it.
  public static final class Builder {
    private @Nullable SecretKey key;
    private @Nullable SecretKey secondaryKey;
    private @Nullable PayloadStore store;

    private Builder() {}

    /// The key that payloads are encrypted with: AES of 128, 192 or 256 bits, as 32, 48 or 64
    /// hexadecimal digits.
    ///
    /// @throws IllegalArgumentException where it is none
    public Builder key(String hex) {
      this.key = EncryptionKeys.key(hex);
      return this;
    }

    /// The key that is tried where the other does not fit: the one before or after it, while keys
    /// are rotated.
    ///
    /// @throws IllegalArgumentException where it is none
    public Builder secondaryKey(String hex) {
      this.secondaryKey = EncryptionKeys.key(hex);
      return this;
    }

    /// Where offloaded payloads are fetched from.
    public Builder store(PayloadStore store) {
      this.store = store;
      return this;
    }

    /// The decoder.
    ///
    /// @throws IllegalStateException where there is a secondary key, but no key
    public PayloadDecoder build() {
      if (key == null && secondaryKey != null) {
        throw new IllegalStateException("A secondary key needs a key beside it");
      }
      return new PayloadDecoder(this);
    }
  }
}
