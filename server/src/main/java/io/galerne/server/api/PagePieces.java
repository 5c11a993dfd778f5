package io.galerne.server.api;

import io.galerne.server.http.ApiException;
import io.galerne.server.http.Reply;
import io.galerne.server.live.SendBudget;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/// Produces the pieces of a page on blocking threads, taking turns with other requests: a search
/// with few matches takes long. For one thread at a time.
final class PagePieces implements Reply.Pieces {
  /// A page of a list as JSON. For one thread at a time.
  interface Page {
    /// Continues reading for a limited time.
    ///
    /// @param mostBytes approximate limit of the piece
    /// @return whether the piece is ready to be taken
    boolean fill(int mostBytes);

    /// Takes the ready piece.
    byte[] take();

    /// Whether the last piece is ready.
    boolean isComplete();
  }

  private final Page page;
  private final Executor workers;
  private final SendBudget budget;
  private final BooleanSupplier abandoned;

  private PagePieces(Page page, Executor workers, SendBudget budget, BooleanSupplier abandoned) {
    this.page = page;
    this.workers = workers;
    this.budget = budget;
    this.abandoned = abandoned;
  }

  /// Refuses a request for a page if the memory for answers is used up.
  ///
  /// @throws ApiException 503 if too many answers wait for their clients
  static void requireRoom(SendBudget budget) {
    if (budget.isUsedUp()) {
      throw ApiException.overloaded("Too many answers wait for clients that do not read them");
    }
  }

  /// Answers with a page: a complete reply if it is a single piece.
  ///
  /// @param workers produce the pieces
  /// @param abandoned whether the client no longer waits for the answer
  static CompletionStage<Reply> answer(
      Page page, Executor workers, SendBudget budget, BooleanSupplier abandoned) {
    PagePieces pieces = new PagePieces(page, workers, budget, abandoned);
    return pieces
        .next()
        .thenApply(first ->
            page.isComplete()
                ? Reply.json(HttpResponseStatus.OK, first)
                : new Reply.Pieced("application/json", first, pieces));
  }

  @Override
  public CompletionStage<byte[]> next() {
    CompletableFuture<byte[]> made = new CompletableFuture<>();
    readSoon(made);
    return made;
  }

  private void readSoon(CompletableFuture<byte[]> made) {
    try {
      workers.execute(() -> read(made));
    } catch (RejectedExecutionException e) {
      made.completeExceptionally(e); // the server is stopping
    }
  }

  private void read(CompletableFuture<byte[]> made) {
    try {
      if (abandoned.getAsBoolean()) {
        made.cancel(false);
      } else if (page.fill(budget.pieceBytes())) {
        made.complete(page.take());
      } else {
        readSoon(made);
      }
    } catch (RuntimeException | Error e) {
      made.completeExceptionally(e);
    }
  }

  @Override
  public boolean isComplete() {
    return page.isComplete();
  }
}
