package io.galerne.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.EventType;
import io.galerne.server.RunningServer;
import io.galerne.server.access.KeyFile;
import io.galerne.server.access.KeyFile.Created;
import io.galerne.server.access.Right;
import io.galerne.server.log.SampleEvent;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Runs over HTTP (contract, section 8).
class RunsTest extends RunsFixture {
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// `execution status` of each run that a query lists, over all pages of that size.
  private List<String> list(String query, int pageSize) {
    List<String> listed = new ArrayList<>();
    String token = "";
    do {
      JsonNode page =
          get(RUNS + "?page_size=" + pageSize + "&" + query + "&next_page_token=" + token);
      assertThat(page.get("executions").size()).isLessThanOrEqualTo(pageSize);
      page.get("executions")
          .forEach(run ->
              listed.add(run.get("execution_id").asString() + " " + run.get("status").asString()));
      JsonNode next = page.get("next_page_token");
      token = next.isNull() ? "" : next.asString();
      assertThat(token.isEmpty() || page.get("executions").size() == pageSize)
          .as("the official clients stop at a page that is not full")
          .isTrue();
    } while (!token.isEmpty());
    return listed;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "order=desc | n, i, f2, f1, d",
        "order=asc | d, f1, f2, i, n",
        "sort_by=end_time | n, i, d, f2, f1",
        "sort_by=end_time&order=asc | f1, f2, d, i, n",
        "status=COMPLETED | f2, d",
        "status=COMPLETED&status=FAILED | i, f2, d",
        "status=COMPLETED,FAILED&order=asc | d, f2, i",
        "status=TERMINATED | ''",
        "status=RUNNING&status=RETRYING_AFTER_ERROR | ''",
        "workflow_identifier=fact-check | f2, f1",
        "workflow_identifier=FACT-CHECK | ''",
        "root_execution_id=document-review-7f3a | f2, f1, d",
        "root_execution_id=document-review-7f3a&workflow_identifier=fact-check&status=COMPLETED | f2",
        "search=FACT | f2, f1",
        "search=7f3a | d",
        "search=none | ''",
        "workflow_identifier=*&search=&status=* | n, i, f2, f1, d",
        "start_time_after=2026-03-30T10:00:01.295595595Z | n, i, f2",
        "start_time_after=2026-03-30T10:00:01.295595596Z | n, i",
        "start_time_before=2026-03-30T12:00:01.295595595%2B02:00 | f2, f1, d",
        "start_time_before=2026-03-30T12:00:01.295595595+02:00 | f2, f1, d",
        "start_time_before=2026-03-30T10:00:01.295 | f1, d",
        "end_time_before=2026-03-30T10:00:01.5Z | f2, f1",
        "end_time_after=2026-03-30T10:00:01.5Z&order=asc | d, i, n",
        "end_time_after=2026-03-30T10:00:01.3Z&end_time_before=2026-03-30T10:00:01.5Z | f2",
        "start_time_after=2027-01-01T00:00:00Z&start_time_before=2026-01-01T00:00:00Z | ''",
        "include_internal=false | n, i, f2, f1, d",
        "include_internal=True | n, i, f2, f1, d",
      })
  void listsRunsByEveryParameter(String query, String expected) {
    publishScenario();
    List<String> wanted =
        expected.isEmpty()
            ? List.of()
            : List.of(expected.split(", ")).stream().map(RunsTest::scenarioRun).toList();
    for (int pageSize : List.of(1, 2, 50)) {
      assertThat(list(query, pageSize)).as("pages of %s", pageSize).isEqualTo(wanted);
    }
  }

  private static String scenarioRun(String name) {
    return switch (name) {
      case "d" -> "document-review-7f3a COMPLETED";
      case "f1" -> "fact-check-91bd CONTINUED_AS_NEW";
      case "f2" -> "fact-check-91bd COMPLETED";
      case "i" -> "invoice.export/2026 #3 FAILED";
      case "n" -> "nightly-sync-00 CANCELED";
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Test
  void aRunHasTheOfficialShape() {
    publishScenario();
    JsonNode listed = get(RUNS + "?status=CONTINUED_AS_NEW").get("executions").get(0);
    assertThat(listed.toString())
        .isEqualTo(
            "{\"workflow_name\":\"fact-check\",\"execution_id\":\"fact-check-91bd\","
                + "\"run_id\":\"8663deee-779b-56a8-a3e2-3007003f29e6\","
                + "\"parent_execution_id\":\"document-review-7f3a\","
                + "\"root_execution_id\":\"document-review-7f3a\","
                + "\"status\":\"CONTINUED_AS_NEW\","
                + "\"start_time\":\"2026-03-30T10:00:01.073406406Z\","
                + "\"end_time\":\"2026-03-30T10:00:01.258561561Z\","
                + "\"total_duration_ms\":185}");
    JsonNode one = get(RUNS + "/" + listed.get("run_id").asString());
    assertThat(one.get("result").isNull()).isTrue();
    assertThat(one.get("status").asString()).isEqualTo("CONTINUED_AS_NEW");
  }

  @Test
  void anExecutionIsItsNewestRunWithItsResult() {
    publishScenario();
    JsonNode execution = get(EXECUTIONS + "fact-check-91bd");
    assertThat(execution.get("status").asString()).isEqualTo("COMPLETED");
    assertThat(execution.get("result").toString())
        .isEqualTo("{\"verdict\":\"supported\",\"score\":0.9375}");
    assertThat(get(RUNS + "/" + execution.get("run_id").asString())).isEqualTo(execution);
    assertThat(get(EXECUTIONS + "invoice.export%2F2026%20%233").get("status").asString())
        .isEqualTo("FAILED");
  }

  @Test
  void keepsTheNumbersOfAResult() {
    server.publish(
        SampleEvent.of(EventType.WORKFLOW_EXECUTION_COMPLETED)
            .attribute("result", "{\"type\":\"json\",\"value\":[1e-7,9007199254740993,1.0]}")
            .event());
    assertThat(server.get(EXECUTIONS + "exec").body())
        .contains("\"result\":[1e-7,9007199254740993,1.0]}");
  }

  @Test
  void returnsAnEncodedResultThatTheOfficialClientsDecode() {
    server.publish(
        SampleEvent.of(EventType.WORKFLOW_EXECUTION_COMPLETED)
            .attribute(
                "result",
                "{\"type\":\"json\",\"value\":\"kV1q\",\"encoding_options\":[\"encrypted\"]}")
            .event());
    assertThat(get(EXECUTIONS + "exec").get("result").toString())
        .isEqualTo(
            "{\"type\":\"json\",\"value\":\"kV1q\",\"encoding_options\":[\"encrypted\"],"
                + "\"b64payload\":\"kV1q\"}");
  }

  /// As official workers publish it: only the start of the next run shows it.
  @Test
  void aContinuedRunHasEnded() {
    for (int i = 1; i <= 3; i++) {
      SampleEvent started =
          SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED)
              .exec("loop")
              .root("loop")
              .run("loop-" + i)
              .with("event_timestamp", Long.toString(i * 1_000_000_000L));
      if (i > 1) {
        started.text("continued_run_id", "loop-" + (i - 1));
      }
      server.publish(started.event());
    }
    assertThat(list("search=loop&order=asc", 10))
        .containsExactly("loop CONTINUED_AS_NEW", "loop CONTINUED_AS_NEW", "loop RUNNING");
    JsonNode first = get(RUNS + "/loop-1");
    assertThat(first.get("status").asString()).isEqualTo("CONTINUED_AS_NEW");
    assertThat(first.get("end_time").asString()).startsWith("1970-01-01T00:00:02");
  }

  @Test
  void anIdMayEqualTheNameOfAnotherPath() {
    server.publish(
        SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED)
            .run("metrics")
            .exec("metrics")
            .event());
    assertThat(get(RUNS + "/metrics").get("run_id").asString()).isEqualTo("metrics");
    assertThat(get(EXECUTIONS + "metrics").get("execution_id").asString()).isEqualTo("metrics");
  }

  @Test
  void aRunIsRunningUntilItEnds() {
    server.publish(SampleEvent.of(EventType.WORKFLOW_EXECUTION_STARTED).event());
    JsonNode run = get(EXECUTIONS + "exec");
    assertThat(run.get("status").asString()).isEqualTo("RUNNING");
    assertThat(run.get("end_time").isNull()).isTrue();
    assertThat(run.get("total_duration_ms").isNull()).isTrue();
    assertThat(run.get("result").isNull()).isTrue();

    server.publish(SampleEvent.of(EventType.ACTIVITY_TASK_RETRYING).event());
    assertThat(list("status=RETRYING_AFTER_ERROR", 50))
        .containsExactly("exec RETRYING_AFTER_ERROR");
    server.publish(SampleEvent.of(EventType.ACTIVITY_TASK_COMPLETED).event());
    assertThat(list("status=RUNNING", 50)).containsExactly("exec RUNNING");
    server.publish(SampleEvent.of(EventType.WORKFLOW_EXECUTION_FAILED).event());
    assertThat(list("", 50)).containsExactly("exec FAILED");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "page_size=0 | page_size | greater_than_equal",
        "page_size=1001 | page_size | less_than_equal",
        "page_size=many | page_size | int_parsing",
        "status=running | status | enum",
        "status=RUNNING&status=DONE | status | enum",
        "sort_by=duration | sort_by | enum",
        "order=down | order | enum",
        "start_time_after=yesterday | start_time_after | datetime_parsing",
        "end_time_before=2026-13-30T10:00:00Z | end_time_before | datetime_parsing",
        "include_internal=perhaps | include_internal | bool_parsing",
        "next_page_token=abc | next_page_token | cursor_invalid",
        "next_page_token=%25 | next_page_token | cursor_invalid",
        "user_id=current | user_id | not_answerable",
        "workflow_tags=a | workflow_tags | not_answerable",
        "deployment_name=d | deployment_name | not_answerable",
        "search_key=k%3Av | search_key | not_answerable",
        "last_event_id=-1 | last_event_id | greater_than_equal",
      })
  void namesAParameterThatCannotBeAnswered(String query, String parameter, String type) {
    HttpResponse<String> answer = server.get(RUNS + "?" + query);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
    JsonNode fault = JSON.readTree(answer.body()).get("detail").get(0);
    assertThat(fault.get("loc").toString()).isEqualTo("[\"query\",\"" + parameter + "\"]");
    assertThat(fault.get("type").asString()).isEqualTo(type);
  }

  @Test
  void aPageTokenIsBoundToItsQuery() {
    publishScenario();
    JsonNode page = get(RUNS + "?page_size=2&status=COMPLETED&status=FAILED");
    String token = encoded(page.get("next_page_token").asString());
    assertThat(
            server
                .get(RUNS + "?page_size=1&status=COMPLETED,FAILED&next_page_token=" + token)
                .statusCode())
        .isEqualTo(200);
    for (String other :
        List.of(
            "",
            "status=COMPLETED",
            "status=COMPLETED,FAILED&order=asc",
            "status=COMPLETED,FAILED&sort_by=end_time",
            "status=COMPLETED,FAILED&search=a",
            "status=COMPLETED,FAILED&start_time_after=2026-01-01T00:00:00Z")) {
      assertThat(server.get(RUNS + "?" + other + "&next_page_token=" + token).statusCode())
          .as(other)
          .isEqualTo(422);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {RUNS + "/none", EXECUTIONS + "none"})
  void answers404IfNothingIsStored(String target) {
    HttpResponse<String> answer = server.get(target);
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("No event of such a").contains("WF_1144");
  }

  @Test
  void readersSeeOnlyTheRunsOfTheirNamespace() {
    stop();
    KeyFile keys = new KeyFile(folder.resolve("keys.json"));
    Created acme = keys.add("acme", Set.of(Right.READ, Right.PUBLISH));
    Created other = keys.add("other", Set.of(Right.READ, Right.PUBLISH));
    Created publisher = keys.add("acme", Set.of(Right.PUBLISH));
    server =
        RunningServer.start(
            folder.resolve("data"),
            RunningServer.config().keys(Optional.of(folder.resolve("keys.json"))));
    server.publish(
        List.of(
            SampleEvent.any().run("r1").event(), SampleEvent.any().run("r2").exec("e2").event()),
        with(acme));
    server.publish(List.of(SampleEvent.any().run("r1").event()), with(other));

    assertThat(get(RUNS, with(acme)).get("executions")).hasSize(2);
    assertThat(get(RUNS, with(other)).get("executions")).hasSize(1);
    assertThat(server.get(RUNS + "/r2", with(other)).statusCode()).isEqualTo(404);
    assertThat(server.get(EXECUTIONS + "e2", with(other)).body())
        .isEqualTo(server.get(EXECUTIONS + "none", with(other)).body());
    String token = get(RUNS + "?page_size=1", with(acme)).get("next_page_token").asString();
    assertThat(server.get(RUNS + "?next_page_token=" + token, with(other)).statusCode())
        .isEqualTo(422);
    for (String target : List.of(RUNS, RUNS + "/r1", EXECUTIONS + "exec")) {
      assertThat(server.get(target).statusCode()).as(target).isEqualTo(401);
      assertThat(server.get(target, with(publisher)).statusCode()).as(target).isEqualTo(403);
    }
  }

  private static String[] with(Created key) {
    return new String[] {"Authorization", "Bearer " + key.secret()};
  }

  @Test
  void aLongSearchWithFewMatchesFillsItsPages() {
    List<String> events = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      events.add(
          SampleEvent.any()
              .exec(i % 4_000 == 7 ? "needle-" + i : "exec-" + i)
              .run("run-" + i)
              .with("event_timestamp", Long.toString(i))
              .event());
      if (events.size() == 1_000) {
        server.publish(events);
        events.clear();
      }
    }
    assertThat(list("search=needle", 2))
        .containsExactly("needle-8007 CANCELED", "needle-4007 CANCELED", "needle-7 CANCELED");
  }
}
