package io.galerne.client;

import io.galerne.client.error.DecodingException;
import io.galerne.protocol.Event;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// All events that a request lists, page by page: each page is fetched when the first of its events
/// is asked for. Every iteration begins anew; one iteration is for one thread.
///
/// Iterating throws as [Events#getWorkflowEvents(WorkflowEventsRequest)] does.
public final class WorkflowEventPages implements Iterable<Event> {
  private final WorkflowEventsRequest first;
  private final Function<WorkflowEventsRequest, ListWorkflowEventResponse> fetch;

  WorkflowEventPages(
      WorkflowEventsRequest first,
      Function<WorkflowEventsRequest, ListWorkflowEventResponse> fetch) {
    this.first = first;
    this.fetch = fetch;
  }

  /// The events one by one, in the order of the log.
  @Override
  public Iterator<Event> iterator() {
    return stream().iterator();
  }

  /// The events one by one, in the order of the log, lazily. Need not be closed.
  public Stream<Event> stream() {
    return pages().flatMap(page -> page.events().stream());
  }

  /// The pages, lazily. Need not be closed.
  public Stream<ListWorkflowEventResponse> pages() {
    Iterable<ListWorkflowEventResponse> pages = Pages::new;
    return StreamSupport.stream(pages.spliterator(), false);
  }

  private final class Pages implements Iterator<ListWorkflowEventResponse> {
    private @Nullable WorkflowEventsRequest next = first;

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public ListWorkflowEventResponse next() {
      WorkflowEventsRequest request = next;
      if (request == null) {
        throw new NoSuchElementException();
      }
      ListWorkflowEventResponse page = fetch.apply(request);
      String cursor = page.nextCursor().orElse(null);
      if (cursor != null && cursor.equals(request.cursor())) {
        throw new DecodingException(
            "getWorkflowEvents: a page's next_cursor is the cursor that it was asked for with;"
                + " going on would repeat that page for ever",
            null);
      }
      next = cursor == null ? null : request.from(cursor);
      return page;
    }
  }
}
