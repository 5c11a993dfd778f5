package io.galerne.client.internal.stream;

import io.galerne.client.RequestOptions;
import io.galerne.client.WorkflowEventsRequest;
import io.galerne.client.internal.http.Call;
import io.galerne.client.internal.http.Transport;
import io.galerne.client.internal.http.UrlQuery;
import io.galerne.protocol.EventPage;
import io.galerne.protocol.EventReader;
import java.lang.System.Logger.Level;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/// Lists the stored events of an execution to determine whether it is over. For one thread.
final class ExecutionLookup {
  private static final System.Logger LOG = System.getLogger("io.galerne.client");

  /// A million events. An execution with more counts as running until the stream says otherwise.
  private static final int MAX_PAGES = 1000;

  /// Waits on the reading thread.
  interface Waiting {
    /// Waits until the response succeeds or fails; returns false if the stream was closed
    /// meanwhile.
    boolean await(CompletableFuture<?> answer) throws InterruptedException;
  }

  private final Transport transport;
  private final Waiting waiting;

  ExecutionLookup(Transport transport, Waiting waiting) {
    this.transport = transport;
    this.waiting = waiting;
  }

  /// @param options the options of the calls
  /// @return empty if the stream was closed meanwhile, or the execution has too many events
  /// @throws ExecutionException if the server does not return pages
  Optional<ExecutionWatch.Stored> storedOf(String execution, RequestOptions options)
      throws InterruptedException, ExecutionException {
    ExecutionWatch.Stored stored = new ExecutionWatch.Stored();
    String cursor = null;
    for (int pages = 0; pages < MAX_PAGES; pages++) {
      EventPage page = page(execution, cursor, options);
      if (page == null) {
        return Optional.empty();
      }
      page.events().forEach(stored::add);
      if (page.nextCursor() == null || page.nextCursor().equals(cursor)) {
        return Optional.of(stored);
      }
      cursor = page.nextCursor();
    }
    LOG.log(
        Level.WARNING,
        () -> "Execution " + execution + " has too many events to determine whether it is over");
    return Optional.empty();
  }

  private @Nullable EventPage page(
      String execution, @Nullable String cursor, RequestOptions options)
      throws InterruptedException, ExecutionException {
    UrlQuery query =
        new UrlQuery()
            .add("workflow_exec_id", execution)
            .add("limit", Integer.toString(WorkflowEventsRequest.MAX_LIMIT))
            .addIfGiven("cursor", cursor);
    Call call = Call.get("getWorkflowEvents", "/v1/workflows/events/list", query, options);
    CompletableFuture<EventPage> answer = transport.call(call, EventReader::page);
    try {
      return waiting.await(answer) ? answer.get() : null;
    } finally {
      answer.cancel(true);
    }
  }
}
