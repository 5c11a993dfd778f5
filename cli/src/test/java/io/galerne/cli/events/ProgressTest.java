package io.galerne.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong now = new AtomicLong();

  private Progress progress(boolean shown) {
    return new Progress(new PrintWriter(err), shown, now::get);
  }

  @Test
  void staysOnOneLineAndMakesRoomForMessages() {
    Progress progress = progress(true);
    progress.at(1);
    now.addAndGet(Duration.ofMillis(200).toNanos());
    progress.at(1000);
    now.addAndGet(Duration.ofMillis(100).toNanos());
    progress.at(1500);
    now.addAndGet(Duration.ofMillis(100).toNanos());
    progress.at(2000);
    progress.say("done");

    assertThat(err.toString())
        .isEqualTo(
            "\r1000 events\r2000 events\r" + " ".repeat(11) + "\rdone" + System.lineSeparator());
  }

  @Test
  void withoutATerminalPrintsOnlyMessages() {
    Progress progress = progress(false);
    now.addAndGet(Duration.ofHours(1).toNanos());
    progress.at(7);
    progress.say("done");

    assertThat(err.toString()).isEqualTo("done" + System.lineSeparator());
  }
}
