package io.galerne.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of a list. Immutable.
///
/// @param <T> the type of the items
public final class Page<T> {
  private final List<T> items;
  private final @Nullable String next;

  private Page(List<T> items, @Nullable String next) {
    this.items = List.copyOf(items);
    this.next = next;
  }

  /// A page. Needed only by tests that replace the client.
  ///
  /// @param next the token for the next page; null for the last page
  public static <T> Page<T> of(List<T> items, @Nullable String next) {
    return new Page<>(items, next);
  }

  /// The items, in the order of the list.
  public List<T> items() {
    return items;
  }

  /// The token for the next page: pass it to the next request, as the `cursor` of events or the
  /// `nextPageToken` of runs. Empty if there are no more items now.
  public Optional<String> next() {
    return Optional.ofNullable(next);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Page<?> page && page.items.equals(items) && page.next().equals(next());
  }

  @Override
  public int hashCode() {
    return 31 * items.hashCode() + next().hashCode();
  }

  /// The number of items, for display.
  @Override
  public String toString() {
    return items.size() + " items, " + (next == null ? "the last page" : "more to come");
  }
}
