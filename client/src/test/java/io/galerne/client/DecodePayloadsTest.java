package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.DecodingException;
import io.galerne.client.payload.PayloadDecoder;
import io.galerne.client.payload.PayloadEncoder;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.ActivityTaskStarted;
import io.galerne.protocol.Event;
import org.junit.jupiter.api.Test;

/// Decodes payloads while events are read, for all calls or for one.
class DecodePayloadsTest {
  private static final String KEY = "0123456789abcdef".repeat(4);

  private static final Event ENCRYPTED =
      PayloadEncoder.builder().encrypt(KEY).build().encode(Samples.event(1));

  private static PayloadDecoder decoder(String key) {
    return PayloadDecoder.builder().key(key).build();
  }

  private static ScriptedServer listing() {
    String page = "{\"events\":[" + ENCRYPTED.json() + "],\"next_cursor\":null}";
    return ScriptedServer.of(wire -> wire.json(200, page));
  }

  private static ScriptedServer streaming() {
    return ScriptedServer.of(
        wire -> wire.stream().chunked(Samples.frame(1, ENCRYPTED) + Samples.frame(2)).end());
  }

  private static Object value(Event event) {
    return ((ActivityTaskStarted) event).input();
  }

  @Test
  void inListsForAllCalls() {
    try (ScriptedServer server = listing();
        Mistral mistral = server.client().decodePayloads(decoder(KEY)).build()) {
      assertThat(mistral.events().getWorkflowEvents(b -> {}).items())
          .extracting(DecodePayloadsTest::value)
          .containsExactly(value(Samples.event(1)));
    }
  }

  @Test
  void inListsForOneCall() {
    try (ScriptedServer server = listing();
        Mistral mistral = server.client().build()) {
      assertThat(
              mistral
                  .async()
                  .events()
                  .getWorkflowEvents(b -> b.options(o -> o.decodePayloads(decoder(KEY))))
                  .join()
                  .items())
          .extracting(DecodePayloadsTest::value)
          .containsExactly(value(Samples.event(1)));
    }
  }

  @Test
  void inStreams() {
    try (ScriptedServer server = streaming();
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream =
            mistral.events().getStreamEvents(b -> b.options(o -> o.decodePayloads(decoder(KEY))))) {
      assertThat(stream)
          .extracting(event -> value(event.data()))
          .containsExactly(value(Samples.event(1)), value(Samples.event(2)));
    }
  }

  @Test
  void notByDefault() {
    try (ScriptedServer server = streaming();
        Mistral mistral = server.client().reconnection(Reconnection.off()).build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThat(stream.iterator().next().data()).isEqualTo(ENCRYPTED);
    }
  }

  @Test
  void aPayloadWithoutAKeyFailsAndTheStreamStaysBeforeIt() {
    try (ScriptedServer server = streaming();
        Mistral mistral =
            server
                .client()
                .decodePayloads(decoder("f".repeat(64)))
                .reconnection(Reconnection.off())
                .build();
        EventStream stream = mistral.events().getStreamEvents(b -> {})) {
      assertThatThrownBy(() -> stream.iterator().next())
          .isInstanceOf(DecodingException.class)
          .hasMessageContaining("event-1")
          .hasMessageNotContaining("ffff");
      assertThat(stream.position()).as("nothing was handed out").isEmpty();
    }
  }
}
