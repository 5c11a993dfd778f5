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

/// Decodes the payloads that workers encoded: `encrypted`, `encrypted-partial`, `compressed` and
/// `offloaded`, in reverse order. Immutable and thread-safe.
///
/// ```java
/// PayloadDecoder decoder =
///     PayloadDecoder.builder().key(System.getenv("PAYLOAD_KEY")).build();
/// Event event = decoder.decode(received);
/// Mistral mistral = Mistral.builder().decodePayloads(decoder).build(); // decodes automatically
/// ```
///
/// Compressed payloads need `com.github.luben:zstd-jni` on the class path; without it, decoding
/// them throws a [DecodingException]. So does a payload with an unknown or unconfigured encoding,
/// one that no key decrypts, one that is truncated, and one larger than [#MAX_BYTES]. The exception
/// names the event and says what to do, and never shows the key or the payload.
public final class PayloadDecoder {
  /// The maximum size of a payload at each decoding step: 64 MiB. Stops a small payload from
  /// decompressing to more than the memory holds. Workers offload payloads of 1 MiB or more.
  public static final int MAX_BYTES = 64 * 1024 * 1024;

  /// [#MAX_BYTES] in base64.
  private static final int MAX_BASE64_CHARS = (MAX_BYTES + 2) / 3 * 4;

  /// Workers apply each option at most once. Stops payloads that were compressed repeatedly.
  private static final int MAX_OPTIONS = 8;

  private static final Set<String> KNOWN =
      Set.of(COMPRESSED, ENCRYPTED, ENCRYPTED_PARTIAL, OFFLOADED);

  private final @Nullable EncryptionKeys keys;
  private final @Nullable PayloadStore store;

  private PayloadDecoder(Builder builder) {
    this.keys = builder.key == null ? null : new EncryptionKeys(builder.key, builder.secondaryKey);
    this.store = builder.store;
  }

  /// A builder without keys and without a store.
  public static Builder builder() {
    return new Builder();
  }

  /// Decodes every payload of an event: removes the encoding options and restores the worker's
  /// value in the JSON, and keeps everything else byte for byte. Returns the same event if no
  /// payload is encoded. Also decodes an [io.galerne.protocol.UnknownEvent]: every attribute that
  /// has the form of a payload.
  ///
  /// @throws DecodingException if a payload cannot be decoded
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

  /// Decodes every payload of a stream event, as [#decode(Event)] does.
  ///
  /// @throws DecodingException if a payload cannot be decoded
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

  /// Decodes a payload and removes its encoding options; returns the same payload if it is not
  /// encoded, or its type is unknown.
  ///
  /// @throws DecodingException if the payload cannot be decoded
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

  /// Has no cause, which could show the payload.
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
      throw new PayloadFault("it is a JSON Patch, but does not decode to an array of operations");
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
      throw new PayloadFault(
          "its value is not a base64 string, which its encoding options require");
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

  /// Has no cause, which could show the text.
  private static Json json(byte[] bytes) throws PayloadFault {
    try {
      return Json.of(Utf8.text(bytes));
    } catch (MalformedEventException e) {
      throw new PayloadFault("the decoded value is not JSON, or is nested too deeply");
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
    String stored = "the stored payload " + key;
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

  /// Configures a decoder. Every setting is optional: a missing one fails only payloads that need
  /// it.
  public static final class Builder {
    private @Nullable SecretKey key;
    private @Nullable SecretKey secondaryKey;
    private @Nullable PayloadStore store;

    private Builder() {}

    /// The AES key of encrypted payloads, with 128, 192 or 256 bits, as 32, 48 or 64 hexadecimal
    /// digits.
    ///
    /// @throws IllegalArgumentException if the key is invalid
    public Builder key(String hex) {
      this.key = EncryptionKeys.key(hex);
      return this;
    }

    /// The key to try if the first one does not decrypt a payload: the previous or next key during
    /// a key rotation.
    ///
    /// @throws IllegalArgumentException if the key is invalid
    public Builder secondaryKey(String hex) {
      this.secondaryKey = EncryptionKeys.key(hex);
      return this;
    }

    /// The store of offloaded payloads.
    public Builder store(PayloadStore store) {
      this.store = store;
      return this;
    }

    /// Builds the decoder.
    ///
    /// @throws IllegalStateException if there is a secondary key but no key
    public PayloadDecoder build() {
      if (key == null && secondaryKey != null) {
        throw new IllegalStateException("A secondary key needs a primary key: set key");
      }
      return new PayloadDecoder(this);
    }
  }
}
