package io.galerne.client;

import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/// A body that was read to its end, or up to a limit.
///
/// @param complete whether that was all
record TextBody(String text, boolean complete) implements AnswerBody {
  /// A page has at most 1,000 events of at most 1 MiB. That any page is so large is not likely, but
  /// it would not be the server's fault.
  static final int MAX_ANSWER_BYTES = 1 << 30;

  /// Of the body of an error, this much tells what is wrong.
  static final int MAX_ERROR_BYTES = 64 * 1024;

  static BodySubscriber<AnswerBody> atMost(int maxBytes) {
    return new Collector(maxBytes);
  }

  private static final class Collector implements BodySubscriber<AnswerBody> {
    private final int maxBytes;
    private final CompletableFuture<AnswerBody> body = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;

    private Collector(int maxBytes) {
      this.maxBytes = maxBytes;
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
      for (ByteBuffer buffer : buffers) {
        byte[] part = new byte[Math.min(buffer.remaining(), maxBytes - bytes.size())];
        boolean cut = part.length < buffer.remaining();
        buffer.get(part);
        bytes.write(part, 0, part.length);
        if (cut && body.complete(text(false)) && subscription != null) {
          subscription.cancel();
        }
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
      body.complete(text(true));
    }
  }
}
