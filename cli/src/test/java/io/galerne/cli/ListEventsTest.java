package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.Event;
import io.galerne.protocol.EventReader;
import io.galerne.protocol.StreamEvent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ListEventsTest {
  @TempDir Path folder;

  private CommandsServer server;

  @BeforeEach
  void start() {
    server = CommandsServer.start(folder.resolve("data"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static List<String> ids(String out) {
    return out.lines().map(EventReader::event).map(Event::eventId).toList();
  }

  @Test
  void aPipeGetsEveryEventOfEveryPage() throws Exception {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 2100; i++) {
      lines.add(Examples.EVENT.replace("hello-event-1", "event-" + i).replaceAll("\n *", ""));
    }
    Path file = Files.write(folder.resolve("many.ndjson"), lines);
    server.out("publish", file.toString());

    List<String> ids = ids(server.out("list"));

    assertThat(ids).hasSize(2100).startsWith("event-0", "event-1").endsWith("event-2099");
    assertThat(ids(server.out("list", "--limit", "1500"))).isEqualTo(ids.subList(0, 1500));
    assertThat(ids(server.out("list", "--limit", "3"))).isEqualTo(ids.subList(0, 3));
  }

  @Test
  void filtersAreTheServers() throws Exception {
    server.publishScenario(folder);

    assertThat(ids(server.out("list", "--workflow-exec-id", "nightly-sync-00"))).hasSize(2);
    assertThat(ids(server.out("list", "--root-workflow-exec-id", "document-review-7f3a")))
        .hasSize(43);
    assertThat(ids(server.out("list", "--workflow-run-id", "23fe9c43-be0c-5ce5-b25a-86ebf0f3f8e8")))
        .hasSize(31);
  }

  @Test
  void aTerminalGetsATable() throws Exception {
    server.publishScenario(folder);

    CommandRun run = server.run(new Terminal(true, false, true, 120), "list", "--limit", "5");

    assertThat(run.exitCode()).isZero();
    List<String> lines = run.out().lines().toList();
    assertThat(lines).hasSize(7);
    assertThat(lines.getFirst()).matches("TIME {12}SEQ  EXECUTION +WHAT");
    assertThat(lines.get(1)).startsWith("── 2026-03-30, times in ");
    int sequence = lines.getFirst().indexOf("SEQ");
    int execution = lines.getFirst().indexOf("EXECUTION");
    int what = lines.getFirst().indexOf("WHAT");
    for (int i = 1; i <= 5; i++) {
      String line = lines.get(i + 1);
      assertThat(line).matches("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*");
      assertThat(line.substring(sequence)).startsWith("  " + i + "  document-review-7f3a  ");
      assertThat(line.substring(execution)).startsWith("document-review-7f3a");
      assertThat(line.substring(what)).matches("[▸✓] .*");
    }
  }

  @Test
  void theSequencesAreThoseOfTheStream() throws Exception {
    server.publishScenario(folder);

    for (String[] filter :
        new String[][] {
          {"--workflow-exec-id=nightly-sync-00"},
          {"--workflow-run-id=163d1415-b368-5996-9e77-8bc181d87028"},
          {"--root-workflow-exec-id=document-review-7f3a"}
        }) {
      String[] list = {"list", filter[0]};
      List<String> ids = ids(server.out(list));
      List<Long> expected =
          server
              .out("export")
              .lines()
              .map(EventReader::streamEvent)
              .filter(event -> ids.contains(event.data().eventId()))
              .map(StreamEvent::brokerSequence)
              .toList();

      List<Long> shown =
          server
              .run(new Terminal(true, false, true, 120), list)
              .out()
              .lines()
              .filter(line -> line.matches("\\d\\d:.*"))
              .map(line -> Long.valueOf(line.substring(12, 19).strip()))
              .toList();

      assertThat(shown).as("%s", filter[0]).isEqualTo(expected);
    }
  }

  @Test
  void ifThereAreNoEventsATerminalSaysSo() {
    CommandRun run =
        server.run(new Terminal(true, false, true, 120), "list", "--workflow-exec-id", "none");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("There are no such events");
    assertThat(server.run("list")).isEqualTo(new CommandRun(0, "", ""));
  }

  @Test
  void aLimitOfNothingIsWrongUsage() {
    CommandRun run = server.run("list", "--limit", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: --limit must be 1 or more").hasLineCount(1);
  }
}
