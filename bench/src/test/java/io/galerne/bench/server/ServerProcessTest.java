package io.galerne.bench.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServerProcessTest {
  @Test
  void detectsAReadyServerWhileNoVirtualThreadCanRun() throws InterruptedException {
    AtomicBoolean over = new AtomicBoolean();
    occupyCarriers(over);
    try (ServerProcess server =
        ServerProcess.start(
            List.of("sh", "-c", "echo ready; exec sleep 60"), Map.of(), "ready"::equals)) {
      assertThat(server.readyLine()).isEqualTo("ready");
    } finally {
      over.set(true);
    }
  }

  /// Occupies every carrier of virtual threads, like servers whose output is read on one.
  private static void occupyCarriers(AtomicBoolean over) throws InterruptedException {
    int carriers = Runtime.getRuntime().availableProcessors();
    CountDownLatch taken = new CountDownLatch(carriers);
    for (int i = 0; i < carriers; i++) {
      Thread.ofVirtual()
          .start(() -> {
            taken.countDown();
            while (!over.get()) {
              Thread.onSpinWait();
            }
          });
    }
    taken.await();
  }
}
