package io.galerne.client;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A page of runs (contract, section 8). Immutable.
public final class RunPage {
  private final List<Run> runs;
  private final @Nullable String nextPageToken;

  private RunPage(List<Run> runs, @Nullable String nextPageToken) {
    this.runs = runs;
    this.nextPageToken = nextPageToken;
  }

  static RunPage read(String body) {
    Members page = Members.of(body);
    List<Run> runs =
        page.requiredElements("executions").stream()
            .map(run -> new Run(Members.of(run), null))
            .toList();
    String token = page.string("next_page_token");
    return new RunPage(runs, token == null || token.isEmpty() ? null : token);
  }

  /// The runs, in the order that was asked for, without their results.
  public List<Run> runs() {
    return runs;
  }

  /// Where the next page begins; empty if nothing follows.
  public Optional<String> nextPageToken() {
    return Optional.ofNullable(nextPageToken);
  }

  @Override
  public String toString() {
    return runs.size() + " runs, " + (nextPageToken == null ? "the last page" : "more to come");
  }
}
