package io.galerne.cli.runs;

import io.galerne.cli.print.Verb;
import io.galerne.client.runs.RunStatus;
import io.galerne.protocol.EventType;
import picocli.CommandLine.Help.Ansi.Style;

/// The status of a run, an activity or a task, as one word, with the sign and colour of its events.
enum Outcome {
  RUNNING("running", Verb.STARTED),
  RETRYING("retrying", Verb.RETRYING),
  COMPLETED("completed", Verb.COMPLETED),
  FAILED("failed", Verb.FAILED),
  TIMED_OUT("timed out", Verb.TIMED_OUT),
  CANCELED("canceled", Verb.CANCELED),
  TERMINATED("terminated", Verb.CANCELED),
  CONTINUED("continued", Verb.CONTINUED),
  UNKNOWN("unknown", Verb.OTHER);

  /// The width of the longest word.
  static final int WIDTH = 10;

  private final String word;
  private final Verb verb;

  Outcome(String word, Verb verb) {
    this.word = word;
    this.verb = verb;
  }

  static Outcome of(RunStatus status) {
    return switch (status) {
      case RUNNING -> RUNNING;
      case RETRYING_AFTER_ERROR -> RETRYING;
      case COMPLETED -> COMPLETED;
      case FAILED -> FAILED;
      case CANCELED -> CANCELED;
      case CONTINUED_AS_NEW -> CONTINUED;
      case TERMINATED -> TERMINATED;
      case TIMED_OUT -> TIMED_OUT;
      case UNKNOWN -> UNKNOWN;
    };
  }

  /// Returns the status after an event of that type.
  static Outcome after(EventType type) {
    return switch (Verb.of(type)) {
      case STARTED, PROGRESS -> RUNNING;
      case RETRYING -> RETRYING;
      case COMPLETED -> COMPLETED;
      case FAILED -> FAILED;
      case TIMED_OUT -> TIMED_OUT;
      case CANCELED -> CANCELED;
      case CONTINUED -> CONTINUED;
      case OTHER -> UNKNOWN;
    };
  }

  /// Returns whether it has not ended.
  boolean isUnderWay() {
    return this == RUNNING || this == RETRYING;
  }

  String word() {
    return word;
  }

  String sign(boolean unicode) {
    return verb.sign(unicode);
  }

  Style colour() {
    return verb.colour();
  }
}
