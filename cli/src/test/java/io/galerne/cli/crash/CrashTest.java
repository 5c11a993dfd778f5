package io.galerne.cli.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.server.Seed;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` at any moment, under load; `-Dgalerne.crashes` sets how often.
@Timeout(1800)
class CrashTest {
  private static final int CRASHES = Integer.getInteger("galerne.crashes", 8);
  private static final int PUBLISHERS = 4;

  @TempDir Path folder;

  private final AtomicReference<URI> address = new AtomicReference<>();
  private final Crowd crowd = new Crowd();
  private ServerProcess server;

  @AfterEach
  void endEverything() throws Exception {
    crowd.close();
    server.kill();
  }

  @Test
  void losesAndRepeatsNoAnsweredEventAndReusesNoSequence() throws Exception {
    Random random = Seed.random("crashes");
    server = start();
    awaitListening();
    for (int i = 0; i < PUBLISHERS; i++) {
      crowd.addPublisher(address::get, new Random(random.nextLong()));
    }
    for (int i = 0; i < Crowd.TARGETS.size(); i++) {
      crowd.addReader(address::get, () -> Integer.MAX_VALUE);
    }
    for (int crash = 0; crash < CRASHES; crash++) {
      crowd.awaitAnyMoment(random);
      server.kill();
      if (random.nextInt(4) == 0) {
        killWhileItStarts(random);
      }
      long highest = crowd.highest();
      server = start();
      awaitListening();
      assertThat(crowd.publishMarker(address.get(), "marker-" + crash, "run-1"))
          .isGreaterThan(highest);
    }
    // a server may be killed again before all readers have reconnected
    int answers = crowd.check(List.of(address.get()), CRASHES / 2);
    assertThat(server.stop()).isZero();
    assertThat(server.logged()).doesNotContain(" ERROR ");
    System.out.println(CRASHES + " crashes, " + answers + " answered events");
  }

  private ServerProcess start() {
    return ServerProcess.start(
        folder.resolve("log.txt"), "--data", folder.resolve("data").toString());
  }

  private void awaitListening() {
    address.set(server.awaitListening().orElseThrow());
  }

  private void killWhileItStarts(Random random) throws InterruptedException {
    ServerProcess second = start();
    LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(1_500)));
    second.kill();
  }
}
