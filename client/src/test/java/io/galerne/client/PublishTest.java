package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.ScriptedServer.Request;
import io.galerne.client.publish.OutgoingEvent;
import io.galerne.client.publish.SendEventRequest;
import io.galerne.client.publish.SendEventsBatchRequest;
import io.galerne.client.publish.SendEventsResponse;
import io.galerne.protocol.Json;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PublishTest {
  private static final String TAKEN = "{\"status\":\"success\",\"message\":null}";

  @Test
  void sendsOneEvent() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, TAKEN));
        Mistral mistral = server.client().build()) {
      SendEventsResponse answer = mistral.events().sendEvent(Samples.event(1));

      assertThat(answer.status()).isEqualTo("success");
      assertThat(answer.eventsReceived()).isEqualTo(1);
      assertThat(answer.message()).isEmpty();
      Request request = server.requests().get(0);
      assertThat(request.method()).isEqualTo("POST");
      assertThat(request.target()).isEqualTo("/v1/workflows/events");
      assertThat(request.header("content-type")).contains("application/json");
      assertThat(request.body()).isEqualTo("{\"event\":" + Samples.event(1).json().text() + "}");
    }
  }

  @Test
  void sendsRawJsonVerbatimWithStreamAndMetadata() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, TAKEN));
        Mistral mistral = server.client().build()) {
      OutgoingEvent event =
          OutgoingEvent.of(Json.of("{\"n\": 1e-7}"))
              .withStream("a\"b")
              .withMetadata("tenant", "é")
              .withMetadata("page", 7);

      mistral.events().sendEvent(b -> b.event(event));

      assertThat(server.requests().get(0).body())
          .isEqualTo(
              "{\"event\":{\"n\": 1e-7},\"stream\":\"a\\\"b\","
                  + "\"metadata\":{\"tenant\":\"é\",\"page\":7}}");
    }
  }

  @Test
  void sendsABatchInItsOrder() throws Exception {
    String taken = "{\"status\":\"success\",\"message\":\"ok\",\"events_received\":3}";
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, taken));
        Mistral mistral = server.client().build()) {
      SendEventsResponse answer =
          mistral
              .async()
              .events()
              .sendEventsBatch(b ->
                  b.events(List.of(Samples.event(1), Samples.event(2)))
                      .event(OutgoingEvent.of(Samples.event(3)).withStream("s")))
              .get(30, TimeUnit.SECONDS);

      assertThat(answer.eventsReceived()).isEqualTo(3);
      assertThat(answer.message()).contains("ok");
      assertThat(server.requests().get(0).target()).isEqualTo("/v1/workflows/events/batch");
      assertThat(server.requests().get(0).body())
          .isEqualTo(
              "{\"events\":["
                  + (Samples.event(1).json().text() + "," + Samples.event(2).json().text())
                  + (",{\"event\":" + Samples.event(3).json().text() + ",\"stream\":\"s\"}]}"));
    }
  }

  @Test
  void refusesAnEmptyRequest() {
    assertThatThrownBy(() -> SendEventsBatchRequest.builder().build())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> SendEventRequest.builder().build())
        .isInstanceOf(IllegalArgumentException.class);
  }
}
