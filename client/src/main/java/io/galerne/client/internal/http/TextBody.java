package io.galerne.client.internal.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/// A body read to its end or up to a limit.
///
/// @param complete whether the text is the whole body
record TextBody(String text, boolean complete) implements AnswerBody {
  /// A page may have 1,000 events of 2 MiB each, which is more than a Java string can hold. Servers
  /// limit pages to much less, ours to 16 MiB.
  static final int MAX_ANSWER_BYTES = 1 << 30;

  /// The start of an error's body is enough to explain it.
  static final int MAX_ERROR_BYTES = 64 * 1024;

  /// @param decoder null if the body is not encoded
  static BodySubscriber<AnswerBody> atMost(int maxBytes, @Nullable ContentDecoder decoder) {
    return new Collector(maxBytes, decoder);
  }

  private static final class Collector implements BodySubscriber<AnswerBody> {
    private static final int DECODED_BYTES = 16 * 1024;

    private final int maxBytes;
    private final @Nullable ContentDecoder decoder;
    private final byte[] decoded = new byte[DECODED_BYTES];
    private final CompletableFuture<AnswerBody> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    private Collector(int maxBytes, @Nullable ContentDecoder decoder) {
      this.maxBytes = maxBytes;
      this.decoder = decoder;
    }

    @Override
    public CompletionStage<AnswerBody> getBody() {
      return body;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      this.subscription = subscription;
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      try {
        for (ByteBuffer buffer : buffers) {
          if (decoder == null) {
            take(buffer);
          } else {
            decoder.add(buffer);
            decode(decoder);
          }
        }
      } catch (DataFormatException e) {
        fail(new IOException("broken content encoding: " + e.getMessage(), e));
      } catch (Throwable e) { // such as no memory: the caller waits for the body
        fail(e);
      }
    }

    private void decode(ContentDecoder encoded) throws DataFormatException {
      for (int n = encoded.read(decoded); n > 0 && !body.isDone(); n = encoded.read(decoded)) {
        take(ByteBuffer.wrap(decoded, 0, n));
      }
    }

    private void fail(Throwable failure) {
      body.completeExceptionally(failure);
      cancel();
    }

    private void take(ByteBuffer buffer) {
      byte[] part = new byte[Math.min(buffer.remaining(), maxBytes - bytes.size())];
      boolean cut = part.length < buffer.remaining();
      buffer.get(part);
      bytes.write(part, 0, part.length);
      if (cut && body.complete(text(false))) {
        cancel();
      }
    }

    private void cancel() {
      if (subscription != null) {
        subscription.cancel();
      }
    }

    private TextBody text(boolean complete) {
      return new TextBody(bytes.toString(StandardCharsets.UTF_8), complete);
    }

    @Override
    public void onError(Throwable failure) {
      body.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      if (decoder == null || decoder.isComplete()) {
        body.complete(text(true));
      } else {
        body.completeExceptionally(new IOException("the encoded content was truncated"));
      }
    }
  }
}
