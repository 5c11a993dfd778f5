package io.galerne.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.galerne.client.error.DecodingException;
import io.galerne.protocol.Event;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GetWorkflowEventsTest {
  private static String page(String cursor, int... numbers) {
    return IntStream.of(numbers)
        .mapToObj(number -> Samples.event(number).json().text())
        .collect(Collectors.joining(",", "{\"events\":[", "],\"next_cursor\":" + cursor + "}"));
  }

  @Test
  void usesTheDefaultsOfTheOfficialClients() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, page("null", 1)));
        Mistral mistral = server.client().apiKey("secret").build()) {
      Page<Event> page = mistral.events().getWorkflowEvents(b -> {});

      assertThat(page.items()).containsExactly(Samples.event(1));
      assertThat(page.next()).isEmpty();
      assertThat(server.requests().get(0).target())
          .isEqualTo("/v1/workflows/events/list?limit=100");
      assertThat(server.requests().get(0).headers())
          .containsEntry("accept", "application/json")
          .containsEntry("authorization", "Bearer secret");
    }
  }

  @Test
  void sendsEveryParameterPercentEncoded() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, page("\"c2\"")));
        Mistral mistral = server.client().serverUrl(server.url() + "/base/").build()) {
      Page<Event> page =
          mistral
              .workflows()
              .events()
              .getWorkflowEvents(
                  WorkflowEventsRequest.builder()
                      .rootWorkflowExecId("a b&c=d")
                      .workflowExecId("é/?#")
                      .workflowRunId("+%")
                      .limit(7)
                      .cursor("==")
                      .options(o -> o.header("x-own", "yes"))
                      .build());

      assertThat(page.next()).contains("c2");
      assertThat(server.requests().get(0).target())
          .isEqualTo(
              "/base/v1/workflows/events/list?root_workflow_exec_id=a%20b%26c%3Dd"
                  + "&workflow_exec_id=%C3%A9%2F%3F%23&workflow_run_id=%2B%25&limit=7"
                  + "&cursor=%3D%3D");
      assertThat(server.requests().get(0).header("x-own")).contains("yes");
      assertThat(server.requests().get(0).header("authorization")).isEmpty();
    }
  }

  @Test
  void refusesLimitsOutOfRange() {
    assertThatThrownBy(() -> WorkflowEventsRequest.builder().limit(1001).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be between 1 and 1000, but is 1001");
  }

  @Test
  void fetchesPagesLazily() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, page("\"second\"", 1, 2)),
                wire -> wire.json(200, page("\"third\"")),
                wire -> wire.json(200, page("null", 3)));
        Mistral mistral = server.client().build()) {
      Pages<Event> all = mistral.events().getAllWorkflowEvents(b -> b.limit(2));

      assertThat(all.stream().limit(2)).extracting(Event::eventId).endsWith("event-2");
      assertThat(server.requests()).hasSize(1);
    }
  }

  @Test
  void iteratesOverAllPagesInOrder() {
    try (ScriptedServer server =
            ScriptedServer.of(
                wire -> wire.json(200, page("\"second\"", 1, 2)),
                wire -> wire.json(200, page("\"third\"")),
                wire -> wire.json(200, page("null", 3)));
        Mistral mistral = server.client().build()) {
      Pages<Event> all = mistral.events().getAllWorkflowEvents(b -> b.limit(2));

      assertThat(all).extracting(Event::eventId).containsExactly("event-1", "event-2", "event-3");
      assertThat(server.requests())
          .extracting(ScriptedServer.Request::target)
          .map(target -> target.replaceAll(".*limit=2", ""))
          .containsExactly("", "&cursor=second", "&cursor=third");
    }
  }

  @Test
  void throwsIfACursorRepeats() {
    try (ScriptedServer server =
            ScriptedServer.endingWith(wire -> wire.json(200, page("\"again\"", 1)));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.events().getAllWorkflowEvents(b -> {}).stream().count())
          .isInstanceOf(DecodingException.class)
          .hasMessageContaining("indefinitely");
    }
  }

  @Test
  void saysWhatIsWrongWithAResponse() {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, "{\"events\": 7}"));
        Mistral mistral = server.client().build()) {
      assertThatThrownBy(() -> mistral.events().getWorkflowEvents(b -> b.cursor("x")))
          .isInstanceOf(DecodingException.class)
          .hasMessageStartingWith("getWorkflowEvents: GET " + server.url())
          .hasMessageContaining("{\"events\": 7}");
    }
  }

  @Test
  void completesAsynchronously() throws Exception {
    try (ScriptedServer server = ScriptedServer.of(wire -> wire.json(200, page("null", 1)));
        Mistral mistral = server.client().build()) {
      CompletableFuture<Page<Event>> page = mistral.async().events().getWorkflowEvents(b -> {});

      assertThat(page.get(30, TimeUnit.SECONDS).items()).hasSize(1);
    }
  }
}
