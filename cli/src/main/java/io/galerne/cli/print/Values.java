package io.galerne.cli.print;

import static java.util.stream.Collectors.joining;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Puts JSON into a few words: what people would say about it, where it has one of the usual forms.
///
/// @param unicode whether bars may be drawn with more than ASCII
record Values(boolean unicode) {
  private static final int MOST_CELLS = 8;

  String summary(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "";
    } else if (value.path("text").isString()) {
      return value.path("text").stringValue();
    } else if (value.path("progress_idx").isInt() && value.path("progress_total").isInt()) {
      return bar(value.path("progress_idx").intValue(), value.path("progress_total").intValue());
    } else if (value.isObject()) {
      return value.properties().stream().map(Values::member).collect(joining(" "));
    }
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static String member(Map.Entry<String, JsonNode> member) {
    JsonNode value = member.getValue();
    boolean oneWord = value.isString() && value.stringValue().matches("[^\\s\"=]+");
    return member.getKey() + "=" + (oneWord ? value.stringValue() : value.toString());
  }

  /// How far something is, such as `███░ 3/4`.
  private String bar(int done, int total) {
    int cells = Math.clamp(total, 1, MOST_CELLS);
    int full = Math.clamp(total <= 0 ? 0 : (long) done * cells / total, 0, cells);
    String bar = (unicode ? "█" : "#").repeat(full) + (unicode ? "░" : ".").repeat(cells - full);
    return bar + " " + done + "/" + total;
  }
}
