package io.galerne.bench.scenario;

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
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/// P13: lists and traces of runs, in a log of few runs and in a log of very many. A run has ten
/// events; one in ten fails, one in a thousand is still running. Every page has 50 runs.
public final class RunLists implements Scenario {
  /// The start, four activities of two events, and the end.
  private static final int EVENTS_EACH = 10;

  private static final int RUNS_EACH_BATCH = 100;
  private static final int FEW_RUNS = 10_000;
  private static final int MANY_RUNS = 1_000_000;
  private static final int REQUESTS = 300;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);

  private static final List<Question> QUESTIONS =
      List.of(
          new Question("50 runs, newest first", "runs?page_size=50"),
          new Question("50 runs, oldest first", "runs?page_size=50&order=asc"),
          new Question("50 failed runs, newest first", "runs?page_size=50&status=FAILED"),
          new Question("50 running runs, newest first", "runs?page_size=50&status=RUNNING"),
          new Question("a run's trace", "executions/run-%d/trace/summary"));

  /// A request whose answer is timed.
  ///
  /// @param path below [#api], with `%d` for the number of a run
  private record Question(String work, String path) {}

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
      publish(client, server, 0, few);
      List<Double> outOfFew = medianMillis(lab, client, server, few);
      long start = Clock.now();
      publish(client, server, few, many);
      lab.tell(
          "%,d runs, published at %,.0f events/s"
              .formatted(many, (many - few) * EVENTS_EACH / ((Clock.now() - start) / 1e9)));
      List<Double> outOfMany = medianMillis(lab, client, server, many);
      List<Finding> findings = new ArrayList<>();
      for (int i = 0; i < QUESTIONS.size(); i++) {
        String work = "%s, out of %,d runs: median".formatted(QUESTIONS.get(i).work(), many);
        double millis = outOfMany.get(i);
        findings.add(Finding.alone(work, millis, Unit.MILLISECONDS, new Target.AtMost(10)));
        findings.add(
            Finding.beside(
                "the same, as the log grows",
                "out of %,d".formatted(few),
                outOfFew.get(i),
                millis,
                Unit.MILLISECONDS,
                new Target.AtMostTimes(1.5)));
      }
      return findings;
    }
  }

  /// Returns the median time to answer each of [#QUESTIONS].
  private static List<Double> medianMillis(Lab lab, HttpClient client, Galerne server, int runs) {
    List<Double> medians = new ArrayList<>();
    for (Question question : QUESTIONS) {
      Histogram times = times(client, server, question, runs);
      double median = times.getValueAtPercentile(50) / 1e6;
      lab.tell(
          "%s, out of %,d: median %.2f, p99 %.2f ms"
              .formatted(question.work(), runs, median, times.getValueAtPercentile(99) / 1e6));
      medians.add(median);
    }
    return medians;
  }

  /// Returns the nanoseconds until the whole answer has arrived, for evenly spread runs. The first
  /// third warms up.
  private static Histogram times(HttpClient client, Galerne server, Question question, int runs) {
    Histogram times = new Histogram(ANSWERED_WITHIN.toNanos(), 3);
    for (int i = 0; i < REQUESTS; i++) {
      int run = Math.toIntExact((long) i * runs / REQUESTS);
      long start = Clock.now();
      send(client, HttpRequest.newBuilder(api(server, question.path().formatted(run))));
      if (i >= REQUESTS / 3) {
        times.recordValue(Clock.now() - start);
      }
    }
    return times;
  }

  private static void publish(HttpClient client, Galerne server, int from, int to) {
    for (int first = from; first < to; first += RUNS_EACH_BATCH) {
      String batch =
          IntStream.range(first, Math.min(to, first + RUNS_EACH_BATCH))
              .mapToObj(RunLists::events)
              .collect(Collectors.joining(",", "{\"events\":[", "]}"));
      send(
          client,
          HttpRequest.newBuilder(api(server, "events/batch"))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(batch)));
    }
  }

  /// Returns the events of a run, separated by commas.
  private static String events(int run) {
    StringJoiner events = new StringJoiner(",");
    events.add(
        event(
            run,
            0,
            "WORKFLOW_EXECUTION_STARTED",
            "{\"task_id\":\"t\",\"workflow_name\":\"review\",\"input\":"
                + "{\"type\":\"json\",\"value\":{\"n\":1}}}"));
    for (int i = 1; i < EVENTS_EACH - 1; i += 2) {
      events.add(event(run, i, "ACTIVITY_TASK_STARTED", activity(i / 2, "input")));
      events.add(event(run, i + 1, "ACTIVITY_TASK_COMPLETED", activity(i / 2, "result")));
    }
    return events.add(lastEvent(run)).toString();
  }

  private static String lastEvent(int run) {
    int event = EVENTS_EACH - 1;
    if (run % 1000 == 0) {
      return event(run, event, "ACTIVITY_TASK_STARTED", activity(event, "input"));
    }
    if (run % 10 == 1) {
      return event(
          run,
          event,
          "WORKFLOW_EXECUTION_FAILED",
          "{\"task_id\":\"t\",\"failure\":{\"message\":\"no such invoice\"}}");
    }
    return event(
        run,
        event,
        "WORKFLOW_EXECUTION_COMPLETED",
        "{\"task_id\":\"t\",\"result\":{\"type\":\"json\",\"value\":{\"n\":1}}}");
  }

  private static String activity(int task, String payload) {
    return "{\"task_id\":\"a%d\",\"activity_name\":\"fetch\",\"%s\":{\"type\":\"json\",\"value\":1}}"
        .formatted(task, payload);
  }

  private static String event(int run, int event, String type, String attributes) {
    long time = 1_774_864_800_000_000_000L + run * 1_000_000_000L + event * 50_000_000L;
    return """
    {"event_id":"%1$d-%2$d","event_timestamp":%3$d,"root_workflow_exec_id":"run-%1$d",\
    "workflow_exec_id":"run-%1$d","workflow_run_id":"first-of-%1$d","workflow_name":"review",\
    "event_type":"%4$s","attributes":%5$s}\
    """
        .formatted(run, event, time, type, attributes);
  }

  private static URI api(Galerne server, String path) {
    return URI.create(server.url() + "/v1/workflows/" + path);
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
