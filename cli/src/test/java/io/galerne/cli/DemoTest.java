package io.galerne.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.cli.demo.DemoRun;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class DemoTest {
  private static final Pattern COUNTS =
      Pattern.compile("(\\d+) events published, (\\d+) seen, sequences 1 to (\\d+), in ");

  @Test
  void everythingThatIsPublishedIsSeen() {
    CommandRun run = CommandRun.of("demo", "--speed", "100");

    assertThat(run.err()).isEmpty();
    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .startsWith("A server runs at http://127.0.0.1:")
        .contains("5 executions: 3 completed, 1 failed, 1 canceled" + System.lineSeparator())
        .contains("Every event arrived, once and in order.")
        .contains("./galerne serve", "curl -N")
        .doesNotContain("\u001b");
    Matcher counts = COUNTS.matcher(run.out());
    assertThat(counts.find()).isTrue();
    assertThat(counts.group(1)).isEqualTo(counts.group(2)).isEqualTo(counts.group(3));
    long lines = run.out().lines().filter(line -> line.matches("\\d\\d:\\d\\d:.*")).count();
    assertThat(lines).isEqualTo(Long.parseLong(counts.group(1)));
  }

  @Test
  void aDemoThatIsStoppedEndsBetweenTwoEvents() throws Exception {
    StringWriter out = new StringWriter();
    DemoRun demo =
        new DemoRun(new PrintWriter(out, true), CommandRun.PIPE, new DemoRun.Options(true, 2, 0));
    CompletableFuture<Boolean> run =
        CompletableFuture.supplyAsync(() -> {
          try {
            return demo.run();
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
    Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> out.toString().contains("token"));

    assertThat(demo.stop()).isTrue();

    assertThat(run.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(out.toString()).contains("still running", "Every event arrived, once and in order.");
  }

  @Test
  void aSpeedMustBeAboveZero() {
    CommandRun run = CommandRun.of("demo", "--speed", "0");

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).startsWith("galerne: --speed must be from 0.01 to 1000").hasLineCount(1);
  }
}
