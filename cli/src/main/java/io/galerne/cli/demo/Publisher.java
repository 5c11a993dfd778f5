package io.galerne.cli.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Publishes events as a worker does: over HTTP, and the next only once the server has these. Safe
/// for use by several threads.
final class Publisher {
  /// An answer needs milliseconds; one that takes this long never comes.
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  private final HttpClient http;
  private final URI server;

  Publisher(HttpClient http, URI server) {
    this.http = http;
    this.server = server;
  }

  /// Publishes one event by itself, several as a batch.
  ///
  /// @throws IllegalStateException where the server does not answer, or does not take them
  void publish(List<ObjectNode> events) {
    if (events.size() == 1) {
      post("/v1/workflows/events", Json.object("event", events.getFirst()));
    } else {
      post("/v1/workflows/events/batch", Json.object("events", events));
    }
  }

  private void post(String path, ObjectNode body) {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve(path))
            .timeout(LONGEST_ANSWER)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(body.toString()))
            .build();
    try {
      HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
      if (answer.statusCode() != 200) {
        throw new IllegalStateException(
            "the server did not take an event: " + answer.statusCode() + " " + answer.body());
      }
    } catch (IOException e) {
      throw new IllegalStateException("the server at " + server + " does not answer: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("publishing was interrupted", e);
    }
  }
}
