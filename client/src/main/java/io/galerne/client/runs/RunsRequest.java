package io.galerne.client.runs;

import io.galerne.client.RequestOptions;
import io.galerne.client.internal.http.UrlQuery;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request to list runs: filters and order (contract, section 8). A run is listed if all filters
/// match. Immutable.
public final class RunsRequest {
  /// The default number of runs in a page.
  public static final int DEFAULT_PAGE_SIZE = 50;

  /// The maximum number of runs in a page.
  public static final int MAX_PAGE_SIZE = 1000;

  /// The time by which runs are ordered.
  public enum SortBy {
    START_TIME,
    /// By end time; a Galerne server omits runs that have not ended.
    END_TIME;

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// The sort direction.
  public enum Order {
    /// Newest first.
    DESCENDING("desc"),
    /// Oldest first.
    ASCENDING("asc");

    private final String wireName;

    Order(String wireName) {
      this.wireName = wireName;
    }
  }

  private final UrlQuery filters;
  private final int pageSize;
  private final @Nullable String nextPageToken;
  private final RequestOptions options;

  private RunsRequest(
      UrlQuery filters, int pageSize, @Nullable String nextPageToken, RequestOptions options) {
    this.filters = filters;
    this.pageSize = pageSize;
    this.nextPageToken = nextPageToken;
    this.options = options;
  }

  /// A builder for the first page of all runs, newest first.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds a request inline, starting from [#builder()].
  public static RunsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// A copy of this request for the page of this token.
  public RunsRequest withNextPageToken(String nextPageToken) {
    return new RunsRequest(filters, pageSize, nextPageToken, options);
  }

  /// The token of the page; empty for the first page.
  public Optional<String> nextPageToken() {
    return Optional.ofNullable(nextPageToken);
  }

  /// The query parameters, by their names on the wire.
  public Map<String, List<String>> parameters() {
    return filters
        .copy()
        .add("page_size", Integer.toString(pageSize))
        .addIfGiven("next_page_token", nextPageToken)
        .parameters();
  }

  /// The options that override the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Builds a request; a null filter matches everything. Not thread-safe.
  public static final class Builder {
    private @Nullable String workflowIdentifier;
    private @Nullable String rootExecutionId;
    private @Nullable String search;
    private final Set<RunStatus> statuses = new LinkedHashSet<>();
    private @Nullable Instant startTimeAfter;
    private @Nullable Instant startTimeBefore;
    private @Nullable Instant endTimeAfter;
    private @Nullable Instant endTimeBefore;
    private @Nullable String deploymentName;
    private @Nullable String userId;
    private List<String> workflowTags = List.of();
    private List<String> searchKeys = List.of();
    private boolean includeInternal = true;
    private @Nullable SortBy sortBy;
    private Order order = Order.DESCENDING;
    private int pageSize = DEFAULT_PAGE_SIZE;
    private @Nullable String nextPageToken;
    private RequestOptions options = RequestOptions.none();

    private Builder() {}

    /// Only runs of the workflow with this name.
    public Builder workflowIdentifier(@Nullable String workflowIdentifier) {
      this.workflowIdentifier = workflowIdentifier;
      return this;
    }

    /// Only runs of this execution and its descendants.
    public Builder rootExecutionId(@Nullable String rootExecutionId) {
      this.rootExecutionId = rootExecutionId;
      return this;
    }

    /// Only runs whose workflow name or ids contain this text.
    public Builder search(@Nullable String search) {
      this.search = search;
      return this;
    }

    /// Only runs with one of these statuses; none, the default, matches all. Replaces statuses set
    /// before.
    ///
    /// @throws IllegalArgumentException for [RunStatus#UNKNOWN], which does not exist on the wire
    public Builder status(RunStatus... statuses) {
      return status(List.of(statuses));
    }

    /// As [#status(RunStatus...)].
    public Builder status(Collection<RunStatus> statuses) {
      if (statuses.contains(RunStatus.UNKNOWN)) {
        throw new IllegalArgumentException("status must not be UNKNOWN: no server knows it");
      }
      this.statuses.clear();
      this.statuses.addAll(statuses);
      return this;
    }

    /// Only runs that started at this time or later.
    public Builder startTimeAfter(@Nullable Instant startTimeAfter) {
      this.startTimeAfter = startTimeAfter;
      return this;
    }

    /// Only runs that started at this time or earlier.
    public Builder startTimeBefore(@Nullable Instant startTimeBefore) {
      this.startTimeBefore = startTimeBefore;
      return this;
    }

    /// Only runs that ended at this time or later; excludes runs that have not ended.
    public Builder endTimeAfter(@Nullable Instant endTimeAfter) {
      this.endTimeAfter = endTimeAfter;
      return this;
    }

    /// Only runs that ended at this time or earlier; excludes runs that have not ended.
    public Builder endTimeBefore(@Nullable Instant endTimeBefore) {
      this.endTimeBefore = endTimeBefore;
      return this;
    }

    /// Only runs of this deployment. Supported by the hosted API; a Galerne server refuses it.
    public Builder deploymentName(@Nullable String deploymentName) {
      this.deploymentName = deploymentName;
      return this;
    }

    /// Only runs that this user started; `current` is the owner of the key. Supported by the hosted
    /// API; a Galerne server refuses it.
    public Builder userId(@Nullable String userId) {
      this.userId = userId;
      return this;
    }

    /// Only runs of workflows with all of these tags. Supported by the hosted API; a Galerne server
    /// refuses it.
    public Builder workflowTags(Collection<String> workflowTags) {
      this.workflowTags = List.copyOf(workflowTags);
      return this;
    }

    /// Only runs that match all of these search keys, such as `customer` or `customer:acme`.
    /// Supported by the hosted API; a Galerne server refuses it.
    public Builder searchKeys(Collection<String> searchKeys) {
      this.searchKeys = List.copyOf(searchKeys);
      return this;
    }

    /// Whether to list runs of internal workflows; true by default. A Galerne server always lists
    /// them.
    public Builder includeInternal(boolean includeInternal) {
      this.includeInternal = includeInternal;
      return this;
    }

    /// The time by which runs are ordered. Null, the default, leaves it to the server, which uses
    /// [SortBy#START_TIME].
    public Builder sortBy(@Nullable SortBy sortBy) {
      this.sortBy = sortBy;
      return this;
    }

    /// The sort direction; [Order#DESCENDING] by default.
    public Builder order(Order order) {
      this.order = order;
      return this;
    }

    /// The maximum number of runs in a page, from 1 to [RunsRequest#MAX_PAGE_SIZE];
    /// [RunsRequest#DEFAULT_PAGE_SIZE] by default.
    public Builder pageSize(int pageSize) {
      this.pageSize = pageSize;
      return this;
    }

    /// The `nextPageToken` of the previous page of the same request.
    public Builder nextPageToken(@Nullable String nextPageToken) {
      this.nextPageToken = nextPageToken;
      return this;
    }

    /// Overrides the client's settings for this request. Replaces options set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], building the options inline.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Builds the request.
    ///
    /// @throws IllegalArgumentException if the page size is out of range
    public RunsRequest build() {
      if (pageSize < 1 || pageSize > MAX_PAGE_SIZE) {
        throw new IllegalArgumentException(
            "pageSize must be between 1 and " + MAX_PAGE_SIZE + ", but is " + pageSize);
      }
      return new RunsRequest(filters(), pageSize, nextPageToken, options);
    }

    private UrlQuery filters() {
      UrlQuery query =
          new UrlQuery()
              .addIfGiven("workflow_identifier", workflowIdentifier)
              .addIfGiven("root_execution_id", rootExecutionId)
              .addIfGiven("search", search);
      statuses.forEach(status -> query.add("status", status.name()));
      query
          .addIfGiven("deployment_name", deploymentName)
          .addIfGiven("sort_by", sortBy == null ? null : sortBy.wireName())
          .add("order", order.wireName)
          .addIfGiven("start_time_after", startTimeAfter)
          .addIfGiven("start_time_before", startTimeBefore)
          .addIfGiven("end_time_after", endTimeAfter)
          .addIfGiven("end_time_before", endTimeBefore)
          .addIfGiven("user_id", userId);
      workflowTags.forEach(tag -> query.add("workflow_tags", tag));
      query.add("include_internal", Boolean.toString(includeInternal));
      searchKeys.forEach(key -> query.add("search_key", key));
      return query;
    }
  }
}
