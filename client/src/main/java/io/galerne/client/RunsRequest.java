package io.galerne.client;

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

/// Which runs to list, and in which order (contract, section 8). A run is listed if all filters
/// match. Immutable.
public final class RunsRequest {
  /// How many runs a page has unless the request says otherwise.
  public static final int DEFAULT_PAGE_SIZE = 50;

  /// As many runs as a page may have.
  public static final int MAX_PAGE_SIZE = 1000;

  /// By which time runs are ordered.
  public enum SortBy {
    START_TIME,
    /// A Galerne server leaves out runs that have not ended.
    END_TIME;

    private String wireName() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// In which direction.
  public enum Order {
    /// The newest first.
    DESCENDING("desc"),
    /// The oldest first.
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

  /// Starts from the first page of all runs, the newest first.
  public static Builder builder() {
    return new Builder();
  }

  static RunsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The request for the page that begins there.
  RunsRequest from(String token) {
    return new RunsRequest(filters, pageSize, token, options);
  }

  /// Where the page begins; empty for the beginning of the list.
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

  /// What is different from the client's settings.
  public RequestOptions options() {
    return options;
  }

  /// Collects what is wanted; null lets anything pass. Not safe for use by several threads.
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

    /// Only runs of the workflow of this name.
    public Builder workflowIdentifier(@Nullable String workflowIdentifier) {
      this.workflowIdentifier = workflowIdentifier;
      return this;
    }

    /// Only runs of this execution and of all that descend from it.
    public Builder rootExecutionId(@Nullable String rootExecutionId) {
      this.rootExecutionId = rootExecutionId;
      return this;
    }

    /// Only runs with this in their workflow's name or in an id.
    public Builder search(@Nullable String search) {
      this.search = search;
      return this;
    }

    /// Only runs with one of these statuses; none, the default, lets any pass. Replaces those that
    /// were given before.
    ///
    /// @throws IllegalArgumentException for [RunStatus#UNKNOWN], which no server knows
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

    /// Only runs that started then or later.
    public Builder startTimeAfter(@Nullable Instant startTimeAfter) {
      this.startTimeAfter = startTimeAfter;
      return this;
    }

    /// Only runs that started then or earlier.
    public Builder startTimeBefore(@Nullable Instant startTimeBefore) {
      this.startTimeBefore = startTimeBefore;
      return this;
    }

    /// Only runs that ended then or later; runs that have not ended are left out.
    public Builder endTimeAfter(@Nullable Instant endTimeAfter) {
      this.endTimeAfter = endTimeAfter;
      return this;
    }

    /// Only runs that ended then or earlier; runs that have not ended are left out.
    public Builder endTimeBefore(@Nullable Instant endTimeBefore) {
      this.endTimeBefore = endTimeBefore;
      return this;
    }

    /// Only runs of this deployment. The hosted API answers that; a Galerne server refuses it.
    public Builder deploymentName(@Nullable String deploymentName) {
      this.deploymentName = deploymentName;
      return this;
    }

    /// Only runs that this user started; `current` for the owner of the key. The hosted API answers
    /// that; a Galerne server refuses it.
    public Builder userId(@Nullable String userId) {
      this.userId = userId;
      return this;
    }

    /// Only runs of workflows with all of these tags. The hosted API answers that; a Galerne server
    /// refuses it.
    public Builder workflowTags(Collection<String> workflowTags) {
      this.workflowTags = List.copyOf(workflowTags);
      return this;
    }

    /// Only runs that match all of these search keys, such as `customer` or `customer:acme`. The
    /// hosted API answers that; a Galerne server refuses it.
    public Builder searchKeys(Collection<String> searchKeys) {
      this.searchKeys = List.copyOf(searchKeys);
      return this;
    }

    /// Whether runs of internal workflows are listed; true by default. A Galerne server lists them in
    /// any case.
    public Builder includeInternal(boolean includeInternal) {
      this.includeInternal = includeInternal;
      return this;
    }

    /// By which time runs are ordered; null, the default, leaves it to the server, which takes
    /// [SortBy#START_TIME].
    public Builder sortBy(@Nullable SortBy sortBy) {
      this.sortBy = sortBy;
      return this;
    }

    /// In which direction; [Order#DESCENDING] by default.
    public Builder order(Order order) {
      this.order = order;
      return this;
    }

    /// Most runs of a page, from 1 to [RunsRequest#MAX_PAGE_SIZE];
    /// [RunsRequest#DEFAULT_PAGE_SIZE] by default.
    public Builder pageSize(int pageSize) {
      this.pageSize = pageSize;
      return this;
    }

    /// Where to continue: the `nextPageToken` of the page before, of the same request.
    public Builder nextPageToken(@Nullable String nextPageToken) {
      this.nextPageToken = nextPageToken;
      return this;
    }

    /// What is different from the client's settings; replaces options that were set before.
    public Builder options(RequestOptions options) {
      this.options = options;
      return this;
    }

    /// As [#options(RequestOptions)], with options made on the spot.
    public Builder options(Consumer<RequestOptions.Builder> options) {
      return options(RequestOptions.of(options));
    }

    /// Makes the request.
    ///
    /// @throws IllegalArgumentException if the page size is out of its range
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
