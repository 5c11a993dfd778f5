package io.galerne.client;

import io.galerne.client.error.DecodingException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// All runs that a request lists, page by page: a page is fetched when the first of its runs is
/// needed. Every iteration starts over; one iteration is for one thread.
///
/// Iterating throws as [Runs#list(RunsRequest)] does.
public final class RunPages implements Iterable<Run> {
  private final RunsRequest first;
  private final Function<RunsRequest, RunPage> fetch;

  RunPages(RunsRequest first, Function<RunsRequest, RunPage> fetch) {
    this.first = first;
    this.fetch = fetch;
  }

  /// The runs one by one, in the request's order.
  @Override
  public Iterator<Run> iterator() {
    return stream().iterator();
  }

  /// The runs one by one, in the request's order, lazily. Need not be closed.
  public Stream<Run> stream() {
    return pages().flatMap(page -> page.runs().stream());
  }

  /// The pages, lazily. Need not be closed.
  public Stream<RunPage> pages() {
    Iterable<RunPage> pages = Pages::new;
    return StreamSupport.stream(pages.spliterator(), false);
  }

  private final class Pages implements Iterator<RunPage> {
    private @Nullable RunsRequest next = first;

    @Override
    public boolean hasNext() {
      return next != null;
    }

    @Override
    public RunPage next() {
      RunsRequest request = next;
      if (request == null) {
        throw new NoSuchElementException();
      }
      RunPage page = fetch.apply(request);
      String token = page.nextPageToken().orElse(null);
      if (token != null && token.equals(request.nextPageToken())) {
        throw new DecodingException(
            "runs.list: a page's next_page_token is the token that it was requested with;"
                + " to continue would repeat that page indefinitely",
            null);
      }
      next = token == null ? null : request.from(token);
      return page;
    }
  }
}
