package io.galerne.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.galerne.server.ServerConfig;
import io.galerne.server.ingest.Limits;
import io.galerne.server.ingest.PublishBody;
import java.time.Clock;
import org.junit.jupiter.api.Test;

class ExamplesTest {
  @Test
  void theEventIsAccepted() {
    PublishBody bodies = new PublishBody(new Limits(4096, 4096, 1), Clock.systemUTC());

    assertThatCode(() -> bodies.single(Examples.EVENT.getBytes(UTF_8), "default"))
        .doesNotThrowAnyException();
    assertThat(Examples.PUBLISH).contains(Examples.EVENT);
  }

  @Test
  void theAddressIsTheDefaultOfServe() {
    assertThat(Examples.SERVER)
        .isEqualTo("http://" + ServerConfig.DEFAULT_HOST + ":" + ServerConfig.DEFAULT_PORT);
  }
}
