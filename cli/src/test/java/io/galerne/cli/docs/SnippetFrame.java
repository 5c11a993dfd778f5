package io.galerne.cli.docs;

import io.galerne.cli.print.Fixture;
import io.galerne.client.Mistral;
import io.galerne.client.Reconnection;
import io.galerne.client.payload.PayloadEncoder;
import io.galerne.client.stream.StreamEventsRequest;
import io.galerne.protocol.Event;
import io.galerne.protocol.EventHeader;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.Json;
import io.galerne.protocol.Payload;
import io.galerne.protocol.WorkflowExecutionStarted;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;

/// The surroundings of a running snippet: a server with events, and the names that snippets use
/// without declaring them. A snippet becomes the body of [#run()].
public abstract class SnippetFrame {
  private static final String EXECUTION = "document-review-7f3a";
  private static final String HELLO = "hello-1";
  private static final String KEY = "00112233445566778899aabbccddeeff";

  // For snippets.
  protected Mistral mistral;
  protected StreamEventsRequest request;
  protected DataSource dataSource;
  protected List<Event> events;
  protected Event made;
  protected Event received;

  // Replaces what a snippet must not touch here.
  protected Path folder;
  protected PrintStream out;

  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private String url;

  protected abstract void run() throws Exception;

  /// Creates the objects that snippets name.
  final void prepare(String url, Path folder) throws Exception {
    this.url = url;
    this.folder = folder;
    out = new PrintStream(printed, true, StandardCharsets.UTF_8);
    mistral = builder().build();
    request = StreamEventsRequest.builder().workflowExecId(HELLO).untilTerminal().build();
    dataSource = dataSource();
    events = hello();
    made = started("new-1");
    received = PayloadEncoder.builder().encrypt(KEY).build().encode(made);
    mistral.events().sendEventsBatch(scenario());
    mistral.events().sendEventsBatch(events);
  }

  private static Event started(String execution) {
    EventHeader header =
        EventHeader.builder()
            .workflowExecId(execution)
            .workflowRunId("run-1")
            .workflowName("hello")
            .build();
    Payload input = Payload.of(Map.of("name", "Ada"));
    return WorkflowExecutionStarted.builder()
        .header(header)
        .taskId("1")
        .startedWorkflowName("hello")
        .displayName("Hello")
        .input(input)
        .build();
  }

  private static DataSource dataSource() throws SQLException {
    JdbcDataSource h2 = new JdbcDataSource();
    h2.setURL("jdbc:h2:mem:snippet-" + System.nanoTime() + ";DB_CLOSE_DELAY=-1");
    try (Connection connection = h2.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE invoice (workflow_exec_id VARCHAR(200))");
    }
    return h2;
  }

  /// Returns the events that all modules use in tests.
  private static List<Event> scenario() throws IOException {
    return events(Fixture.resource("/scenario.ndjson"));
  }

  /// Returns the events of its first root again, as `hello-1`.
  private static List<Event> hello() throws IOException {
    String lines = Fixture.resource("/scenario.ndjson");
    return events(
        lines
            .lines()
            .filter(line -> line.contains(EXECUTION))
            .map(line ->
                line.replace(EXECUTION, HELLO).replace("\"event_id\":\"", "\"event_id\":\"hello-"))
            .collect(Collectors.joining("\n")));
  }

  private static List<Event> events(String lines) {
    return lines
        .lines()
        .map(line -> EventReader.event(Json.of(line).tree().path("event").toString()))
        .toList();
  }

  /// Replaces `Mistral.builder()`: uses this server, and ends streams with it.
  protected final Mistral.Builder builder() {
    return Mistral.builder().serverUrl(url).reconnection(Reconnection.off());
  }

  /// Replaces `System.getenv`.
  protected static String getenv(String name) {
    return name.equals("PAYLOAD_KEY") ? KEY : "gk_any";
  }

  final String printed() {
    return printed.toString(StandardCharsets.UTF_8);
  }
}
