package io.galerne.client.internal.stream;

import io.galerne.client.internal.http.Answer;
import io.galerne.client.internal.http.ContentDecoder;
import io.galerne.client.internal.http.StreamBody;
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
import java.util.concurrent.CompletableFuture;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/// One connection of a stream: its headers, then messages until it ends. For one thread, except
/// [#close()].
final class StreamConnection {
  /// The maximum bytes to decode before delivering the messages in them: a few bytes of gzip can
  /// become a lot.
  private static final int DECODED_BYTES = 16 * 1024;

  private final Answer answer;
  private final StreamBody body;
  private final Deque<SseMessage> messages = new ArrayDeque<>();
  private final SseParser parser = new SseParser(messages::add);
  private final @Nullable ContentDecoder decoder;
  private final byte[] decoded;

  /// @throws IllegalArgumentException if the response is not a stream
  StreamConnection(Answer answer) {
    if (!(answer.body() instanceof StreamBody stream)) {
      throw new IllegalArgumentException("This response is not a stream");
    }
    this.answer = answer;
    this.body = stream;
    this.decoder = ContentDecoder.of(answer.headers());
    this.decoded = new byte[decoder == null ? 0 : DECODED_BYTES];
  }

  URI url() {
    return answer.url();
  }

  /// The id of the log; empty if the server does not send it.
  String logId() {
    return header("galerne-log-id").orElse("");
  }

  /// The newest sequence in the log when the connection was opened.
  OptionalLong headSequence() {
    return sequence("galerne-head-sequence");
  }

  /// The oldest sequence in the log when the connection was opened.
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

  /// Whether a message is available, so that [#next] does not block.
  boolean hasNext() {
    return !messages.isEmpty();
  }

  /// The next message; null at the end, or if none arrived until `enough` was done. [#hasEnded()]
  /// tells which.
  ///
  /// @param silence how long nothing may arrive, not even a comment
  /// @param enough ends the wait, but not the connection
  /// @throws IllegalStateException if a line is longer than the parser's limit, or the content
  ///     encoding is broken
  @Nullable SseMessage next(Duration silence, CompletableFuture<?> enough)
      throws InterruptedException {
    while (messages.isEmpty() && !decodeMore()) {
      List<ByteBuffer> buffers = body.next(silence, enough);
      if (buffers.isEmpty()) {
        return null;
      }
      for (ByteBuffer buffer : buffers) {
        feed(buffer);
      }
    }
    return messages.poll();
  }

  /// Decodes until a message is available.
  ///
  /// @return whether a message is available
  private boolean decodeMore() {
    try {
      int count = 0;
      do {
        count = decoder == null ? 0 : decoder.read(decoded);
        parser.feed(decoded, 0, count);
      } while (count > 0 && messages.isEmpty());
    } catch (DataFormatException e) {
      throw new IllegalStateException(
          "The content encoding "
              + ContentDecoder.encoding(answer.headers())
              + (" is broken: " + e.getMessage()),
          e);
    }
    return !messages.isEmpty();
  }

  private void feed(ByteBuffer buffer) {
    if (decoder != null) {
      decoder.add(buffer);
    } else if (buffer.hasArray()) {
      parser.feed(buffer.array(), buffer.arrayOffset() + buffer.position(), buffer.remaining());
    } else {
      byte[] bytes = new byte[buffer.remaining()];
      buffer.get(bytes);
      parser.feed(bytes, 0, bytes.length);
    }
  }

  /// The server's latest reconnection time (`retry:`), in milliseconds.
  OptionalLong retryMillis() {
    return parser.retryMillis();
  }

  boolean hasEnded() {
    return body.hasEnded();
  }

  /// Why the connection ended. A body that ends inside a message is truncated even if HTTP reports
  /// a clean end: without a length or chunks, a broken connection looks like one.
  StreamBody.End end() {
    StreamBody.End end = body.end();
    boolean torn = parser.midMessage() || (decoder != null && !decoder.isComplete());
    return end.kind() == StreamBody.EndKind.CLEAN && torn
        ? new StreamBody.End(StreamBody.EndKind.CUT, null)
        : end;
  }

  void close() {
    body.close();
  }
}
