package io.galerne.cli.print;

import static java.util.stream.Collectors.joining;

import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Summarises JSON in a few words, as people would say it if it has a well-known form. Takes the
/// trees of [ExactTree].
///
/// @param unicode whether bars may be drawn with more than ASCII
public record Values(boolean unicode) {
  private static final int MOST_CELLS = 8;

  /// A whole number that an `int` can hold.
  private static final Pattern COUNT = Pattern.compile("-?\\d{1,9}");

  public String summary(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    } else if (value.path("text").isString()) {
      return value.path("text").stringValue();
    } else if (isCount(value.path("progress_idx")) && isCount(value.path("progress_total"))) {
      return bar(count(value.path("progress_idx")), count(value.path("progress_total")));
    } else if (value.isObject()) {
      return value.properties().stream().map(Values::member).collect(joining(" "));
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static boolean isCount(JsonNode value) {
    return COUNT.matcher(ExactTree.number(value)).matches();
  }

  private static int count(JsonNode value) {
    return Integer.parseInt(ExactTree.number(value));
  }

  private static String member(Map.Entry<String, JsonNode> member) {
    JsonNode value = member.getValue();
    boolean oneWord = value.isString() && value.stringValue().matches("[^\\s\"=]+");
    return member.getKey() + "=" + (oneWord ? value.stringValue() : value.toString());
  }

  /// Returns a progress bar, such as `███░ 3/4`.
  private String bar(int done, int total) {
    int cells = Math.clamp(total, 1, MOST_CELLS);
    int full = Math.clamp(total <= 0 ? 0 : (long) done * cells / total, 0, cells);
    String bar = (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(cells - full);
    return bar + " " + done + "/" + total;
  }
}
