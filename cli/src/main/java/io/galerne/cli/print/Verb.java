package io.galerne.cli.print;

import io.galerne.protocol.EventType;
import picocli.CommandLine.Help.Ansi.Style;

/// The change that an event reports, as one word, one sign and one colour.
public enum Verb {
  STARTED("started", '▸', '>', Style.fg_cyan),
  PROGRESS("progress", '·', '.', Style.faint),
  COMPLETED("completed", '✓', '+', Style.fg_green),
  RETRYING("retrying", '↻', '~', Style.fg_yellow),
  TIMED_OUT("timed out", '◷', '~', Style.fg_yellow),
  FAILED("failed", '✗', 'x', Style.fg_red),
  CANCELED("canceled", '■', '-', Style.fg_magenta),
  CONTINUED("continued", '↪', '>', Style.fg_blue),
  /// For unknown types.
  OTHER("other", '?', '?', Style.faint);

  /// The width of the longest word.
  static final int WIDTH = 9;

  private final String word;
  private final char sign;
  private final char plainSign;
  private final Style colour;

  Verb(String word, char sign, char plainSign, Style colour) {
    this.word = word;
    this.sign = sign;
    this.plainSign = plainSign;
    this.colour = colour;
  }

  public static Verb of(EventType type) {
    return switch (type) {
      case WORKFLOW_EXECUTION_STARTED, CUSTOM_TASK_STARTED, ACTIVITY_TASK_STARTED -> STARTED;
      case CUSTOM_TASK_IN_PROGRESS -> PROGRESS;
      case WORKFLOW_EXECUTION_COMPLETED, CUSTOM_TASK_COMPLETED, ACTIVITY_TASK_COMPLETED ->
          COMPLETED;
      case ACTIVITY_TASK_RETRYING -> RETRYING;
      case WORKFLOW_TASK_TIMED_OUT, CUSTOM_TASK_TIMED_OUT -> TIMED_OUT;
      case WORKFLOW_EXECUTION_FAILED,
          WORKFLOW_TASK_FAILED,
          CUSTOM_TASK_FAILED,
          ACTIVITY_TASK_FAILED ->
          FAILED;
      case WORKFLOW_EXECUTION_CANCELED, CUSTOM_TASK_CANCELED -> CANCELED;
      case WORKFLOW_EXECUTION_CONTINUED_AS_NEW -> CONTINUED;
    };
  }

  public Style colour() {
    return colour;
  }

  /// Returns the sign.
  ///
  /// @param unicode whether it may be more than ASCII
  public String sign(boolean unicode) {
    return Character.toString(unicode ? sign : plainSign);
  }

  /// Returns the sign and the word, in a column.
  String label(boolean unicode) {
    return sign(unicode) + " " + word + " ".repeat(WIDTH - word.length());
  }
}
