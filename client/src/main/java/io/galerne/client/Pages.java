package io.galerne.client;

import io.galerne.client.error.DecodingException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// All pages of a list, fetched lazily: a page is requested when its first item is needed. Every
/// iteration starts over and is for one thread.
///
/// Iterating throws the exceptions of the call that requests a page.
///
/// @param <T> the type of the items
public final class Pages<T> implements Iterable<T> {
  private final @Nullable String first;
  private final Function<@Nullable String, Page<T>> fetch;

  /// @param first the token of the first page; null for the beginning of the list
  /// @param fetch requests the page of a token
  Pages(@Nullable String first, Function<@Nullable String, Page<T>> fetch) {
    this.first = first;
    this.fetch = fetch;
  }

  /// The items one by one, in the order of the list.
  @Override
  public Iterator<T> iterator() {
    return stream().iterator();
  }

  /// The items one by one, in the order of the list, lazily. Need not be closed.
  public Stream<T> stream() {
    return pages().flatMap(page -> page.items().stream());
  }

  /// The pages, lazily. Need not be closed.
  public Stream<Page<T>> pages() {
    Iterable<Page<T>> pages = Requests::new;
    return StreamSupport.stream(pages.spliterator(), false);
  }

  private final class Requests implements Iterator<Page<T>> {
    private @Nullable String next = first;
    private boolean done;

    @Override
    public boolean hasNext() {
      return !done;
    }

    @Override
    public Page<T> next() {
      if (done) {
        throw new NoSuchElementException();
      }
      Page<T> page = fetch.apply(next);
      String after = page.next().orElse(null);
      if (after != null && after.equals(next)) {
        throw new DecodingException(
            "The server returned the same token for the next page ("
                + after
                + "):"
                + " continuing would repeat the page indefinitely",
            null);
      }
      next = after;
      done = after == null;
      return page;
    }
  }
}
