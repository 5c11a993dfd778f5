package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

class HttpAnswerTest {
  private final HttpAnswer answer = new HttpAnswer();

  @Test
  void endsAfterContentLengthBytes() {
    assertThat(take("HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{")).isFalse();
    assertThat(take("}")).isTrue();
  }

  @Test
  void endsWithTheHeadIfThereIsNoContent() {
    assertThat(take("HTTP/1.1 204 No Content\r\nstream-next-offset: 8\r\n\r")).isFalse();
    assertThat(take("\n")).isTrue();
    assertThat(take("HTTP/1.1 204 No Content\r\n\r\n")).isTrue();
  }

  @Test
  void refusesFailuresAndMissingLengths() {
    assertThatIllegalStateException()
        .isThrownBy(() -> take("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\n\r\n"))
        .withMessageContaining("500 Oops");
    assertThatIllegalStateException()
        .isThrownBy(() -> new HttpAnswer().take(part("HTTP/1.1 200 OK\r\n\r\n")))
        .withMessageContaining("without a length");
  }

  private boolean take(String text) {
    return answer.take(part(text));
  }

  private static ByteBuf part(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }
}
