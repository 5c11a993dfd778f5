package io.galerne.client;

import io.galerne.protocol.SseMessage;
import io.galerne.protocol.SseParser;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// One connection of a stream: its headers, then messages until it ends. For one thread, but for
/// [#close()].
final class StreamConnection {
  private final Answer answer;
  private final StreamBody body;
  private final Deque<SseMessage> messages = new ArrayDeque<>();
  private final SseParser parser = new SseParser(messages::add);

  /// @throws IllegalArgumentException where the answer is no stream
  StreamConnection(Answer answer) {
    if (!(answer.body() instanceof StreamBody stream)) {
      throw new IllegalArgumentException("This answer is no stream");
    }
    this.answer = answer;
    this.body = stream;
  }

  URI url() {
    return answer.url();
  }

  /// The id of the log that it streams; empty where the server does not say.
  String logId() {
    return header("galerne-log-id").orElse("");
  }

  /// The newest sequence in the log when it was opened.
  OptionalLong headSequence() {
    return sequence("galerne-head-sequence");
  }

  /// The oldest sequence in the log when it was opened.
  OptionalLong oldestSequence() {
    return sequence("galerne-oldest-sequence");
  }

  private Optional<String> header(String name) {
    return answer.headers().firstValue(name);
  }

  private OptionalLong sequence(String name) {
    Optional<String> digits = header(name).filter(value -> value.matches("[0-9]{1,18}"));
    return digits.isPresent()
        ? OptionalLong.of(Long.parseLong(digits.get()))
        : OptionalLong.empty();
  }

  /// The next message, or null at the end, which [#end()] tells.
  ///
  /// @param silence how long nothing may come, not even a comment
  /// @throws IllegalStateException where a message is larger than is sensible
  @Nullable SseMessage next(Duration silence) throws InterruptedException {
    while (messages.isEmpty()) {
      List<ByteBuffer> buffers = body.next(silence);
      if (buffers.isEmpty()) {
        return null;
      }
      for (ByteBuffer buffer : buffers) {
        feed(buffer);
      }
    }
    return messages.poll();
  }

  private void feed(ByteBuffer buffer) {
    if (buffer.hasArray()) {
      parser.feed(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    } else {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      parser.feed(bytes, 0, bytes.length);
    }
  }

  /// Why nothing more comes. A body that ends within a message was cut, whatever HTTP says of it:
  /// where neither length nor chunks tell the end, a broken connection looks like one.
  StreamBody.End end() {
    StreamBody.End end = body.end();
    return end.kind() == StreamBody.EndKind.CLEAN && parser.midMessage()
        ? new StreamBody.End(StreamBody.EndKind.CUT, null)
        : end;
  }

  void close() {
    body.close();
  }
}
