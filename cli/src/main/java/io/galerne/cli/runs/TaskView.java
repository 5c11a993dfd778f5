package io.galerne.cli.runs;

import io.galerne.cli.print.ExactTree;
import io.galerne.cli.print.Values;
import io.galerne.cli.runs.Pen.Line;
import io.galerne.client.runs.TaskSnapshot;
import io.galerne.protocol.Json;
import io.galerne.protocol.TaskState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.databind.JsonNode;

/// Formats the value of a custom task: well-known types in their own form (contract, section 10),
/// all others in a few words.
final class TaskView {
  static final String WAIT_FOR_INPUT = "wait_for_input";

  /// The most lines of a message or an output, unless the whole text is requested.
  private static final int MOST_LINES = 8;

  private final Pen pen;
  private final Values values;
  private final boolean whole;

  /// The text of a task.
  ///
  /// @param headline the text beside its name; may be empty
  /// @param lines the lines below it
  record Shown(Line headline, List<Line> lines) {}

  /// @param whole whether to show texts of any length
  TaskView(Pen pen, boolean whole) {
    this.pen = pen;
    this.values = new Values(pen.terminal().unicode());
    this.whole = whole;
  }

  /// @param since when it started
  /// @param width of a line
  Shown of(TaskSnapshot task, Instant since, Instant now, int width) {
    JsonNode value = task.value().map(ExactTree::of).orElseGet(() -> ExactTree.of(Json.NULL));
    if (task.staleReason().isPresent() && !value.isObject()) {
      return words("(" + task.staleReason().get() + ")");
    }
    String type = task.customTaskType();
    if (type.equals(WAIT_FOR_INPUT)) {
      return waitForInput(task, value, since, now);
    } else if (type.equals("todo_list") && value.path("items").isArray()) {
      return todoList(value.path("items"));
    } else if (type.equals("assistant_message") && value.path("contentChunks").isArray()) {
      String message = message(value.path("contentChunks"));
      return new Shown(Line.EMPTY, cut(pen.wrapped(null, message, width)));
    } else if (type.equals("working") && value.isObject()) {
      return working(value, width);
    }
    return words(values.summary(value));
  }

  private static Shown words(String text) {
    return new Shown(new Line(null, text), List.of());
  }

  /// Returns the question of a task that waits for input; empty if it does not wait.
  static Optional<String> waitingFor(TaskSnapshot task) {
    boolean waits =
        task.customTaskType().equals(WAIT_FOR_INPUT)
            && task.status().filter(TaskState.Status.RUNNING::equals).isPresent();
    return waits ? Optional.of(label(task)) : Optional.empty();
  }

  private static String label(TaskSnapshot task) {
    return task.value().map(value -> ExactTree.of(value).path("label").asString("")).orElse("");
  }

  private Shown waitForInput(TaskSnapshot task, JsonNode value, Instant since, Instant now) {
    Optional<String> waitingFor = waitingFor(task);
    if (waitingFor.isPresent()) {
      String words = new Waits.Wait(waitingFor.get(), since).words(now);
      return new Shown(new Line(Style.fg_yellow, words), List.of());
    }
    String label = label(task);
    String input = values.summary(value.path("input"));
    return words(label + (input.isEmpty() || label.isEmpty() ? "" : ": ") + input);
  }

  private static Shown todoList(JsonNode items) {
    List<Line> lines = new ArrayList<>();
    long done = 0;
    for (JsonNode item : items) {
      String status = item.path("status").asString("");
      String title = item.path("title").asString("");
      done += status.equals("done") ? 1 : 0;
      lines.add(
          switch (status) {
            case "done" -> new Line(Style.fg_green, "[x] " + title);
            case "in_progress" -> new Line(Style.fg_cyan, "[>] " + title);
            default -> new Line(null, "[ ] " + title);
          });
    }
    return new Shown(new Line(null, done + " of " + items.size() + " done"), lines);
  }

  private static String message(JsonNode chunks) {
    StringBuilder text = new StringBuilder();
    for (JsonNode chunk : chunks) {
      text.append(
          chunk.path("text").isString()
              ? chunk.path("text").stringValue()
              : "[" + chunk.path("type").asString("resource") + "]");
    }
    return text.toString();
  }

  private Shown working(JsonNode value, int width) {
    JsonNode tool = value.path("toolUIState");
    List<Line> lines = new ArrayList<>();
    switch (tool.path("type").asString("")) {
      case "command" -> {
        lines.add(new Line(Style.bold, "$ " + tool.path("command").asString("")));
        result(tool.path("result"), lines, width);
      }
      case "generic_tool" -> {
        String arguments = values.summary(tool.path("arguments"));
        lines.add(new Line(Style.bold, tool.path("name").asString("tool") + " " + arguments));
        result(tool.path("result"), lines, width);
      }
      case "file" -> lines.add(new Line(null, values.summary(tool.path("operations"))));
      default -> lines.addAll(cut(pen.wrapped(null, value.path("content").asString(""), width)));
    }
    lines.removeIf(line -> line.text().isBlank());
    String title = value.path("title").asString("");
    return new Shown(
        new Line(null, title.isEmpty() ? value.path("type").asString("") : title), lines);
  }

  private void result(JsonNode result, List<Line> lines, int width) {
    JsonNode output = result.path("output");
    String error = result.path("error").asString("");
    if (!error.isEmpty()) {
      lines.addAll(cut(pen.wrapped(Style.fg_red, error, width)));
    } else if (output.isString()) {
      lines.addAll(cut(pen.wrapped(null, output.stringValue(), width)));
    } else {
      lines.add(new Line(null, values.summary(output)));
    }
    String status = result.path("status").asString("");
    if (!status.equals("success")) {
      lines.add(new Line(status.equals("failed") ? Style.fg_red : Style.faint, status));
    }
  }

  private List<Line> cut(List<Line> lines) {
    if (whole || lines.size() <= MOST_LINES + 1) {
      return lines;
    }
    List<Line> cut = new ArrayList<>(lines.subList(0, MOST_LINES));
    cut.add(new Line(Style.faint, lines.size() - MOST_LINES + " more lines, which --wide shows"));
    return cut;
  }
}
