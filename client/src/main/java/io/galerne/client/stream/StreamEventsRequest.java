package io.galerne.client.stream;

import io.galerne.client.RequestOptions;
import io.galerne.client.checkpoint.Checkpoint;
import io.galerne.client.internal.http.Backoff;
import io.galerne.client.internal.http.UrlQuery;
import io.galerne.protocol.EventType;
import io.galerne.protocol.Json;
import io.galerne.protocol.Scope;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request to stream events: filters, start position and options (contract, section 4).
/// Immutable.
public final class StreamEventsRequest implements StreamRequest {
  /// The wildcard that matches any value of a text filter.
  public static final String ANY = "*";

  private final Map<String, String> filters;
  private final Map<String, String> metadataFilters;
  private final Set<String> workflowEventTypes;
  private final long startSeq;
  private final boolean untilTerminal;
  private final @Nullable Checkpoint resumeAfter;
  private final Duration terminalGrace;
  private final boolean failOnGap;
  private final StreamListener listener;
  private final RequestOptions options;

  private StreamEventsRequest(Builder builder) {
    filters = new LinkedHashMap<>(builder.filters);
    metadataFilters = new LinkedHashMap<>(builder.metadataFilters);
    workflowEventTypes = new LinkedHashSet<>(builder.workflowEventTypes);
    startSeq = builder.startSeq;
    untilTerminal = builder.untilTerminal;
    resumeAfter = builder.resumeAfter;
    terminalGrace = builder.terminalGrace;
    failOnGap = builder.failOnGap;
    listener = builder.listener;
    options = builder.options;
  }

  private StreamEventsRequest(StreamEventsRequest other, Checkpoint resumeAfter) {
    filters = other.filters;
    metadataFilters = other.metadataFilters;
    workflowEventTypes = other.workflowEventTypes;
    startSeq = other.startSeq;
    untilTerminal = other.untilTerminal;
    this.resumeAfter = resumeAfter;
    terminalGrace = other.terminalGrace;
    failOnGap = other.failOnGap;
    listener = other.listener;
    options = other.options;
  }

  /// A builder that starts with all retained events, then new ones.
  public static Builder builder() {
    return new Builder();
  }

  /// Builds a request inline, starting from [#builder()].
  public static StreamEventsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// A copy of this request that resumes after the position.
  public StreamEventsRequest withResumeAfter(Checkpoint position) {
    return new StreamEventsRequest(this, position);
  }

  /// The first sequence to stream, inclusive; negative for only new events.
  public long startSeq() {
    return startSeq;
  }

  /// Whether the stream ends when the execution is over.
  public boolean untilTerminal() {
    return untilTerminal;
  }

  /// The types of the events to deliver, by their names on the wire; empty for all.
  public Set<String> workflowEventTypes() {
    return Collections.unmodifiableSet(workflowEventTypes);
  }

  /// The metadata filters, as sent.
  public Map<String, String> metadataFilters() {
    return Collections.unmodifiableMap(metadataFilters);
  }

  @Override
  public Optional<Checkpoint> resumeAfter() {
    return Optional.ofNullable(resumeAfter);
  }

  @Override
  public Duration terminalGrace() {
    return terminalGrace;
  }

  @Override
  public boolean failOnGap() {
    return failOnGap;
  }

  @Override
  public StreamListener listener() {
    return listener;
  }

  @Override
  public RequestOptions options() {
    return options;
  }

  /// The types to request. To know when the execution is over, the stream needs the execution's own
  /// events even if the caller does not want them.
  private Set<String> requestedTypes() {
    if (!untilTerminal || workflowEventTypes.isEmpty()) {
      return workflowEventTypes;
    }
    Set<String> types = new LinkedHashSet<>(workflowEventTypes);
    types.add(EventType.WORKFLOW_EXECUTION_STARTED.wireName());
    Arrays.stream(EventType.values())
        .filter(EventType::endsExecution)
        .forEach(type -> types.add(type.wireName()));
    return types;
  }

  @Override
  public Map<String, List<String>> parameters() {
    UrlQuery query = new UrlQuery();
    filters.forEach(query::add);
    query.add("start_seq", Long.toString(startSeq));
    metadataFilters.forEach(
        (key, value) -> query.add(isParameter(key) ? "metadata_filters[" + key + "]" : key, value));
    requestedTypes().forEach(type -> query.add("workflow_event_types", type));
    return query.parameters();
  }

  /// The official clients send each metadata filter as its own parameter. A key that clashes with
  /// another parameter needs the long form.
  private boolean isParameter(String key) {
    return filters.containsKey(key)
        || List.of(
                "start_seq",
                "metadata_filters",
                "workflow_event_types",
                "last_event_id",
                "lastEventId",
                "lastEventID",
                "Last-Event-ID")
            .contains(key);
  }

  /// Builds a request. A filter that is unset, empty or [#ANY] matches everything; comparison is
  /// exact. Not thread-safe.
  public static final class Builder {
    private final Map<String, String> filters = new LinkedHashMap<>();
    private final Map<String, String> metadataFilters = new LinkedHashMap<>();
    private final Set<String> workflowEventTypes = new LinkedHashSet<>();
    private @Nullable Scope scope;
    private long startSeq;
    private boolean untilTerminal;
    private @Nullable Checkpoint resumeAfter;
    private Duration terminalGrace = EventStream.DEFAULT_TERMINAL_GRACE;
    private boolean failOnGap;
    private StreamListener listener = new StreamListener() {};
    private RequestOptions options = RequestOptions.none();

    private Builder() {
      for (String name :
          List.of(
              "scope",
              "activity_name",
              "activity_id",
              "workflow_name",
              "workflow_exec_id",
              "root_workflow_exec_id",
              "parent_workflow_exec_id",
              "stream")) {
        filters.put(name, ANY);
      }
    }

    private Builder filter(String name, String value) {
      filters.put(name, value.isEmpty() ? ANY : value);
      return this;
    }

    /// Only events of workflows, or only events of activities; null, the default, for both.
    public Builder scope(@Nullable Scope scope) {
      this.scope = scope;
      return filter("scope", scope == null ? ANY : scope.wireName());
    }

    /// Only events of activities with this name.
    public Builder activityName(String activityName) {
      return filter("activity_name", activityName);
    }

    /// Only events of the activity with this id.
    public Builder activityId(String activityId) {
      return filter("activity_id", activityId);
    }

    /// Only events of workflows with this name.
    public Builder workflowName(String workflowName) {
      return filter("workflow_name", workflowName);
    }

    /// Only events of this execution.
    public Builder workflowExecId(String workflowExecId) {
      return filter("workflow_exec_id", workflowExecId);
    }

    /// Only events of this execution and its descendants.
    public Builder rootWorkflowExecId(String rootWorkflowExecId) {
      return filter("root_workflow_exec_id", rootWorkflowExecId);
    }

    /// Only events of executions that this one started.
    public Builder parentWorkflowExecId(String parentWorkflowExecId) {
      return filter("parent_workflow_exec_id", parentWorkflowExecId);
    }

    /// Only events of this stream: `workflow`, `activity` or a type of custom tasks.
    public Builder stream(String stream) {
      return filter("stream", stream);
    }

    /// The first sequence to stream, inclusive. 0, the default, means all retained events; negative
    /// means only new ones. [#lastEventId] and [#resumeAfter] override it.
    public Builder startSeq(long startSeq) {
      this.startSeq = startSeq;
      return this;
    }

    /// Only events whose metadata has all of these entries. Replaces filters set before.
    ///
    /// @param metadataFilters the values are strings, numbers, booleans, nulls or [Json]
    public Builder metadataFilters(Map<String, ? extends @Nullable Object> metadataFilters) {
      this.metadataFilters.clear();
      metadataFilters.forEach(this::metadataFilter);
      return this;
    }

    /// Only events whose metadata has this entry.
    ///
    /// @param value a string, a number, a boolean, null or [Json]
    public Builder metadataFilter(String key, @Nullable Object value) {
      boolean sendable =
          value == null
              || value instanceof String
              || value instanceof Number
              || value instanceof Boolean
              || value instanceof Json;
      if (!sendable) {
        throw new IllegalArgumentException(
            "A metadata filter must be a string, a number, a boolean, null or Json, but '"
                + (key + "' has " + value));
      }
      metadataFilters.put(key, value instanceof Json json ? json.text() : String.valueOf(value));
      return this;
    }

    /// Only events of these types; none for all, the default.
    public Builder workflowEventTypes(EventType... workflowEventTypes) {
      return workflowEventTypes(Arrays.asList(workflowEventTypes));
    }

    /// Only events of these types; none for all, the default.
    public Builder workflowEventTypes(Collection<EventType> workflowEventTypes) {
      this.workflowEventTypes.clear();
      workflowEventTypes.forEach(type -> this.workflowEventTypes.add(type.wireName()));
      return this;
    }

    /// Ends the stream when the execution is over (contract, section 4): its newest run has a
    /// terminal event (`COMPLETED`, `FAILED` or `CANCELED`), and no event of the execution has
    /// followed for the [#terminalGrace]. A stream that resumes after the end of the execution
    /// learns this from the server and ends too.
    ///
    /// If no event of the execution is stored, the stream waits for it to start, with one
    /// exception: if everything up to the resume position has expired, the execution counts as read
    /// and over, and the stream ends. That includes an execution that still runs but has published
    /// nothing within the retention period. If the server does not send `Galerne-Oldest-Sequence`,
    /// the stream waits.
    ///
    /// The execution is that of [#workflowExecId], or else of [#rootWorkflowExecId]. If neither is
    /// set, the stream ends after the first root that ends after its position.
    public Builder untilTerminal() {
      this.untilTerminal = true;
      return this;
    }

    /// Resumes after this sequence, exclusive: the last one seen.
    public Builder lastEventId(long lastEventId) {
      return resumeAfter(Checkpoint.of(lastEventId));
    }

    /// Resumes after the position that another stream reached. Fails if the log has changed; null
    /// starts over.
    public Builder resumeAfter(@Nullable Checkpoint position) {
      this.resumeAfter = position;
      return this;
    }

    /// How long an execution must stay silent after its terminal event to count as over; by default
    /// [EventStream#DEFAULT_TERMINAL_GRACE]. A worker publishes one more event after the terminal
    /// one, and a workflow with a retry policy fails and starts its next run at once, so
    /// [Duration#ZERO] may end the stream too early.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
      return this;
    }

    /// Receives connections, reconnections and gaps.
    public Builder listener(StreamListener listener) {
      this.listener = listener;
      return this;
    }

    /// Makes the stream throw a [io.galerne.client.error.StreamException] if events expired before
    /// it delivered them. By default, the stream notifies the listener, logs a warning, and
    /// continues after the gap.
    public Builder failOnGap() {
      this.failOnGap = true;
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
    /// @throws IllegalArgumentException if [#untilTerminal] is set but the filters exclude the
    ///     terminal events
    public StreamEventsRequest build() {
      if (untilTerminal && keepsTerminalEventsOut()) {
        throw new IllegalArgumentException(
            "untilTerminal() ends the stream after a terminal event, which scope, activityName,"
                + " activityId, parentWorkflowExecId or workflowEventTypes exclude: it would never"
                + " end");
      }
      return new StreamEventsRequest(this);
    }

    private boolean keepsTerminalEventsOut() {
      boolean ofNoType =
          !workflowEventTypes.isEmpty()
              && workflowEventTypes.stream()
                  .noneMatch(name -> EventType.valueOf(name).endsExecution());
      return scope == Scope.ACTIVITY
          || ofNoType
          || isSet("activity_name")
          || isSet("activity_id")
          || (isSet("parent_workflow_exec_id") && !isSet("workflow_exec_id"));
    }

    private boolean isSet(String name) {
      return !ANY.equals(filters.get(name));
    }
  }
}
