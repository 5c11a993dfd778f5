package io.galerne.bench.scenario;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.galerne.bench.load.Clock;
import io.galerne.bench.server.Galerne;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/// P13: what became of runs, out of few and out of very many. A run has ten events; one in ten failed,
/// one in a thousand goes on. Every page has 50 runs.
public final class RunLists implements Scenario {
  private static final int EVENTS_EACH = 10;
  private static final int RUNS_EACH_BATCH = 100;
  private static final int FEW_RUNS = 10_000;
  private static final int MANY_RUNS = 1_000_000;
  private static final int REQUESTS = 300;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  /// What is asked, with `%s` for the number of a run.
  private static final Map<String, String> QUESTIONS = new LinkedHashMap<>();

  static {
    QUESTIONS.put("50 runs, newest first", "runs?page_size=50");
    QUESTIONS.put("50 runs, oldest first", "runs?page_size=50&order=asc");
    QUESTIONS.put("50 failed runs, newest first", "runs?page_size=50&status=FAILED");
    QUESTIONS.put("50 running runs, newest first", "runs?page_size=50&status=RUNNING");
    QUESTIONS.put("a run's trace", "executions/run-%s/trace/summary");
  }

  @Override
  public String id() {
    return "p13";
  }

  @Override
  public String work() {
    return "lists of runs and traces, out of few runs and out of many";
  }

  @Override
  public List<Finding> run(Lab lab) {
    int few = lab.count(FEW_RUNS, FEW_RUNS / 10);
    int many = lab.count(MANY_RUNS, FEW_RUNS);
    try (Galerne server = lab.startGalerne();
        HttpClient client = HttpClient.newHttpClient()) {
      URI api =
          URI.create(
              "http://%s:%d/v1/workflows/"
                  .formatted(server.address().getHostString(), server.address().getPort()));
      publish(client, api, 0, few);
      Map<String, Double> outOfFew = ask(lab, client, api, few);
      long start = Clock.now();
      publish(client, api, few, many);
      lab.tell(
          "%,d runs, published at %,.0f events/s"
              .formatted(many, (many - few) * EVENTS_EACH / ((Clock.now() - start) / 1e9)));
      Map<String, Double> outOfMany = ask(lab, client, api, many);
      List<Finding> findings = new ArrayList<>();
      outOfMany.forEach((question, millis) -> {
        String work = "%s, out of %,d runs: median".formatted(question, many);
        findings.add(Finding.alone(work, millis, Unit.MILLISECONDS, new Target.AtMost(10)));
        findings.add(
            Finding.beside(
                work,
                "out of %,d".formatted(few),
                outOfFew.getOrDefault(question, Double.NaN),
                millis,
                Unit.MILLISECONDS,
                new Target.AtMostTimes(1.5)));
      });
      return findings;
    }
  }

  /// The median time to answer each question, in milliseconds. The first third warms up.
  private static Map<String, Double> ask(Lab lab, HttpClient client, URI api, int runs) {
    Map<String, Double> medians = new LinkedHashMap<>();
    QUESTIONS.forEach((question, path) -> {
      Histogram times = new Histogram(ANSWERED_WITHIN.toNanos(), 3);
      for (int i = 0; i < REQUESTS; i++) {
        int run = Math.toIntExact((long) i * runs / REQUESTS);
        long start = Clock.now();
        send(client, HttpRequest.newBuilder(api.resolve(path.formatted(run))));
        if (i >= REQUESTS / 3) {
          times.recordValue(Clock.now() - start);
        }
      }
      double median = times.getValueAtPercentile(50) / 1e6;
      lab.tell(
          "%s, out of %,d: median %.2f, p99 %.2f ms"
              .formatted(question, runs, median, times.getValueAtPercentile(99) / 1e6));
      medians.put(question, median);
    });
    return medians;
  }

  private static void publish(HttpClient client, URI api, int from, int to) {
    for (int run = from; run < to; run += RUNS_EACH_BATCH) {
      StringBuilder batch = new StringBuilder("{\"events\":[");
      for (int i = run; i < Math.min(to, run + RUNS_EACH_BATCH); i++) {
        addRun(batch, i);
      }
      batch.setCharAt(batch.length() - 1, ']');
      batch.append('}');
      send(
          client,
          HttpRequest.newBuilder(api.resolve("events/batch"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofByteArray(batch.toString().getBytes(UTF_8))));
    }
  }

  private static void addRun(StringBuilder batch, int run) {
    String task = "{\"task_id\":\"t\"";
    addEvent(
        batch,
        run,
        0,
        "WORKFLOW_EXECUTION_STARTED",
        task + ",\"workflow_name\":\"review\",\"input\":{\"type\":\"json\",\"value\":{\"n\":1}}}");
    for (int i = 1; i < EVENTS_EACH - 1; i++) {
      addEvent(
          batch,
          run,
          i,
          i % 2 == 1 ? "ACTIVITY_TASK_STARTED" : "ACTIVITY_TASK_COMPLETED",
          "{\"task_id\":\"a%d\",\"activity_name\":\"fetch\",\"%s\":{\"type\":\"json\",\"value\":1}}"
              .formatted((i - 1) / 2, i % 2 == 1 ? "input" : "result"));
    }
    if (run % 1000 == 0) {
      addEvent(
          batch,
          run,
          EVENTS_EACH - 1,
          "ACTIVITY_TASK_STARTED",
          "{\"task_id\":\"a9\",\"activity_name\":\"wait\",\"input\":{\"type\":\"json\",\"value\":1}}");
    } else if (run % 10 == 1) {
      addEvent(
          batch,
          run,
          EVENTS_EACH - 1,
          "WORKFLOW_EXECUTION_FAILED",
          task + ",\"failure\":{\"message\":\"no such invoice\"}}");
    } else {
      addEvent(
          batch,
          run,
          EVENTS_EACH - 1,
          "WORKFLOW_EXECUTION_COMPLETED",
          task + ",\"result\":{\"type\":\"json\",\"value\":{\"n\":1}}}");
    }
  }

  private static void addEvent(
      StringBuilder batch, int run, int event, String type, String attributes) {
    long time = 1_774_864_800_000_000_000L + run * 1_000_000_000L + event * 50_000_000L;
    batch.append(
        """
        {"event_id":"%1$d-%2$d","event_timestamp":%3$d,"root_workflow_exec_id":"run-%1$d",\
        "workflow_exec_id":"run-%1$d","workflow_run_id":"first-of-%1$d","workflow_name":"review",\
        "event_type":"%4$s","attributes":%5$s},\
        """
            .formatted(run, event, time, type, attributes));
  }

  private static void send(HttpClient client, HttpRequest.Builder request) {
    try {
      HttpResponse<String> answer =
          client.send(request.timeout(ANSWERED_WITHIN).build(), BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(answer.statusCode() + ": " + answer.body());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted", e);
    }
  }
}
