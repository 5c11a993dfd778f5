package io.galerne.server.api;

import static io.galerne.server.RunningServer.LIST;
import static io.galerne.server.RunningServer.SINGLE;
import static io.galerne.server.RunningServer.STREAM;
import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.Publisher;
import io.galerne.server.QuietServer;
import io.galerne.server.RunningServer;
import io.galerne.server.SampleEvents;
import io.galerne.server.Seed;
import io.galerne.server.StreamReader;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Listing, a page at a time (contract, section 5).
@Timeout(60)
@ExtendWith(QuietServer.class)
class ListEventsTest {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @TempDir Path folder;

  private RunningServer server;

  @BeforeEach
  void start() {
    server = RunningServer.start(folder);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /// One page of an answer.
  private record Page(List<JsonNode> events, String nextCursor) {
    private List<String> ids() {
      return events.stream().map(event -> event.path("event_id").stringValue()).toList();
    }
  }

  private Page page(String query) {
    HttpResponse<String> answer = server.get(LIST + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.propertyNames()).containsExactly("events", "next_cursor");
    return new Page(
        body.path("events").valueStream().toList(), body.path("next_cursor").asString(null));
  }

  /// All pages from the first to the last.
  private List<Page> pages(String query) {
    List<Page> pages = new ArrayList<>();
    pages.add(page(query));
    while (pages.getLast().nextCursor() != null) {
      pages.add(page(query + "&cursor=" + pages.getLast().nextCursor()));
    }
    return pages;
  }

  private static List<String> ids(List<Page> pages) {
    return pages.stream().flatMap(page -> page.ids().stream()).toList();
  }

  private List<String> publish(int count) {
    List<String> ids = new ArrayList<>();
    List<String> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add("e" + i);
      events.add(SampleEvents.event("e" + i, "run-" + i % 3));
    }
    server.publish(events);
    return ids;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  @Test
  void anEmptyLogIsAnEmptyPage() {
    assertThat(server.get(LIST).body()).isEqualTo("{\"events\":[],\"next_cursor\":null}");
  }

  @Test
  void listsEventsInOrderWithEveryNullableMember() {
    List<String> ids = new ArrayList<>();
    for (String line : SampleEvents.scenario()) {
      ids.add(JSON.readTree(line).at("/event/event_id").stringValue());
      server.post(SINGLE, line);
    }
    Page page = page("");
    assertThat(page.ids()).isEqualTo(ids);
    assertThat(page.nextCursor()).isNull();
    for (JsonNode event : page.events()) {
      assertThat(event.propertyNames())
          .contains(
              "parent_workflow_exec_id",
              "continued_run_id",
              "first_execution_run_id",
              "chain_run_id",
              "schedule_id");
    }
  }

  @ParameterizedTest
  @CsvSource({"'', 100", "?limit=1, 1", "?limit=100, 100", "?limit=1000, 250", "?limit=249, 249"})
  void aPageHasLimitEventsOr100(String query, int events) {
    List<String> ids = publish(250);
    Page page = page(query);
    assertThat(page.ids()).isEqualTo(ids.subList(0, events));
    assertThat(page.nextCursor() == null).isEqualTo(events == 250);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 50, 100, 1000})
  void pagesNeitherSkipNorRepeat(int limit) {
    List<String> ids = publish(100);
    List<Page> pages = pages("?limit=" + limit);
    assertThat(ids(pages)).isEqualTo(ids);
    assertThat(pages.subList(0, pages.size() - 1)).allMatch(page -> page.events().size() == limit);
    assertThat(pages.getLast().events()).isNotEmpty();
  }

  @Test
  void filtersSelectAloneAndTogether() {
    String event =
        SampleEvents.event("x", "child")
            .replace("\"root_workflow_exec_id\":\"child\"", "\"root_workflow_exec_id\":\"root\"");
    server.publish(
        event.replace("\"x\"", "\"a\""),
        event.replace("\"x\"", "\"b\"").replace("run-1", "run 2/ä"),
        SampleEvents.event("c", "root"),
        SampleEvents.event("d", "other"));

    assertThat(page("?root_workflow_exec_id=root").ids()).containsExactly("a", "b", "c");
    assertThat(page("?workflow_exec_id=child").ids()).containsExactly("a", "b");
    assertThat(page("?workflow_run_id=" + encode("run 2/ä")).ids()).containsExactly("b");
    assertThat(page("?workflow_exec_id=child&workflow_run_id=run-1").ids()).containsExactly("a");
    assertThat(page("?root_workflow_exec_id=root&workflow_exec_id=other").ids()).isEmpty();
    assertThat(page("?workflow_exec_id=").ids()).containsExactly("a", "b", "c", "d");
    assertThat(page("?limit=1&workflow_exec_id=nobody").nextCursor()).isNull();
  }

  @Test
  void filteredPagesEndAtTheLastMatch() {
    publish(100);
    List<Page> pages = pages("?workflow_exec_id=run-1&limit=11");
    assertThat(pages).hasSize(3);
    assertThat(ids(pages)).hasSize(33).allMatch(id -> Integer.parseInt(id.substring(1)) % 3 == 1);
  }

  @Test
  void pagesNeitherSkipNorRepeatWhileEventsAreAppended() throws Exception {
    Random random = Seed.random("listing under load");
    List<String> published = new ArrayList<>();
    List<Future<List<String>>> publishing = new ArrayList<>();
    List<String> listed = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(3)) {
      for (int i = 0; i < 3; i++) {
        publishing.add(
            threads.submit(
                new Publisher(
                    server,
                    "p" + i,
                    500,
                    20,
                    new Random(random.nextLong()),
                    (id, _) -> SampleEvents.event(id, "run-1"),
                    () -> {})));
      }
      String cursor = "";
      while (publishing.stream().anyMatch(one -> !one.isDone())) {
        Page page = page("?limit=" + (1 + random.nextInt(40)) + cursor);
        if (page.nextCursor() != null) {
          listed.addAll(page.ids());
          cursor = "&cursor=" + page.nextCursor();
        }
      }
      for (Future<List<String>> one : publishing) {
        published.addAll(one.get());
      }
      // limits may differ from page to page: a cursor is bound to the filters only
      for (Page page = page("?limit=100" + cursor); true; page = page("?limit=100" + cursor)) {
        listed.addAll(page.ids());
        if (page.nextCursor() == null) {
          break;
        }
        cursor = "&cursor=" + page.nextCursor();
      }
    }
    assertThat(listed).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(published);
    try (StreamReader stream = server.stream(STREAM).open()) {
      List<String> streamed =
          stream.await(published.size()).stream()
              .map(message -> JSON.readTree(message.data()).at("/data/event_id").stringValue())
              .toList();
      assertThat(listed).isEqualTo(streamed);
    }
  }

  @Test
  void aCursorContinuesAfterARestartAndSeesNewEvents() {
    List<String> ids = new ArrayList<>(publish(10));
    Page first = page("?limit=4");
    server.close();
    start();
    server.publish(SampleEvents.event("late", "run-1"));
    ids.add("late");

    assertThat(page("?limit=100&cursor=" + first.nextCursor()).ids()).isEqualTo(ids.subList(4, 11));
  }

  @Test
  void aCursorIsBoundToItsQuery() {
    publish(30);
    String cursor = page("?limit=2&workflow_exec_id=run-1").nextCursor();
    assertThat(page("?limit=3&workflow_exec_id=run-1&cursor=" + cursor).ids())
        .containsExactly("e7", "e10", "e13");
    for (String other :
        List.of(
            "",
            "?workflow_exec_id=run-2",
            "?root_workflow_exec_id=run-1",
            "?workflow_run_id=run-1",
            "?workflow_exec_id=run-1&workflow_run_id=run-1")) {
      assertBadCursor(other + (other.isEmpty() ? "?" : "&"), cursor);
    }
  }

  @Test
  void refusesAMalformedCursor() {
    publish(10);
    String good = page("?limit=2").nextCursor();
    List<String> bad =
        new ArrayList<>(List.of("x", "0", "null", "a".repeat(5000), "ä", "=", "AAAA"));
    for (int i = 0; i < good.length(); i++) {
      bad.add(good.substring(0, i) + (good.charAt(i) == 'x' ? 'y' : 'x') + good.substring(i + 1));
    }
    bad.add(good + "A");
    bad.add(good.substring(1));
    int accepted = 0;
    for (String cursor : bad) {
      HttpResponse<String> answer = server.get(LIST + "?cursor=" + encode(cursor));
      accepted += answer.statusCode() == 200 ? 1 : 0; // if only the position has changed
      assertThat(answer.statusCode()).isIn(200, 422);
    }
    assertThat(accepted).isLessThan(14);
    assertBadCursor("?", "x");
  }

  private void assertBadCursor(String query, String cursor) {
    HttpResponse<String> answer = server.get(LIST + query + "cursor=" + cursor);
    assertThat(answer.statusCode()).as(query).isEqualTo(422);
    assertThat(answer.body())
        .isEqualTo(
            "{\"detail\":[{\"type\":\"cursor_invalid\",\"loc\":[\"query\",\"cursor\"],\"msg\":\"Input"
                + " should be a next_cursor of this query: same filters, same log, same key's"
                + " namespace; leave it out to start over\",\"input\":\"%s\"}]}".formatted(cursor));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0 | greater_than_equal | Input should be greater than or equal to 1 | 0 | ,\"ctx\":{\"ge\":1}",
        "-1 | greater_than_equal | Input should be greater than or equal to 1 | -1 | ,\"ctx\":{\"ge\":1}",
        "1001 | less_than_equal | Input should be less than or equal to 1000 | 1001 | ,\"ctx\":{\"le\":1000}"
      })
  void refusesALimitOutOfRange(String limit, String type, String msg, String input, String ctx) {
    HttpResponse<String> answer = server.get(LIST + "?limit=" + limit);
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .isEqualTo(
            "{\"detail\":[{\"type\":\"%s\",\"loc\":[\"query\",\"limit\"],\"msg\":\"%s\",\"input\":%s%s}]}"
                .formatted(type, msg, input, ctx));
  }

  @Test
  void reportsAllFaultsAtOnce() {
    assertThat(server.get(LIST + "?limit=many&cursor=x").body())
        .startsWith("{\"detail\":[{\"type\":\"int_parsing\",\"loc\":[\"query\",\"limit\"],")
        .contains("},{\"type\":\"cursor_invalid\",\"loc\":[\"query\",\"cursor\"],");
  }
}
