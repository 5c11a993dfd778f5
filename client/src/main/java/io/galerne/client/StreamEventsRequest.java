package io.galerne.client;

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

/// Which events to stream, from where, and how (contract, section 4). Immutable.
public final class StreamEventsRequest implements StreamRequest {
  /// Means any, in each filter that is a text.
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

  /// Starts from all events that are retained, then what comes.
  public static Builder builder() {
    return new Builder();
  }

  static StreamEventsRequest of(Consumer<Builder> request) {
    Builder builder = builder();
    request.accept(builder);
    return builder.build();
  }

  /// The same request, resuming after that position.
  StreamEventsRequest resumingAfter(Checkpoint position) {
    return new StreamEventsRequest(this, position);
  }

  /// The first sequence wanted, inclusive; negative for only new events.
  public long startSeq() {
    return startSeq;
  }

  /// Whether the stream ends when the execution is over.
  public boolean untilTerminal() {
    return untilTerminal;
  }

  /// The types of the events that are handed out, by their names on the wire; empty for all.
  public Set<String> workflowEventTypes() {
    return Collections.unmodifiableSet(workflowEventTypes);
  }

  /// The filters on metadata, as they are sent.
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

  /// The types to request. How an execution fares decides when it is over, so that the stream needs
  /// these events even if they are not wanted.
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

  /// The official clients send a filter on metadata as a parameter of its own. Where that would be
  /// taken for another parameter, it has to be spelled out.
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

  /// Collects what is wanted. A filter that is not set, is empty or is [#ANY] lets anything pass;
  /// comparison is exact. Not safe for use by several threads.
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

    /// Only events of workflows, or only those of their activities; null for both, the default.
    public Builder scope(@Nullable Scope scope) {
      this.scope = scope;
      return filter("scope", scope == null ? ANY : scope.wireName());
    }

    /// Only events of activities of this name.
    public Builder activityName(String activityName) {
      return filter("activity_name", activityName);
    }

    /// Only events of the activity with this id.
    public Builder activityId(String activityId) {
      return filter("activity_id", activityId);
    }

    /// Only events of workflows of this name.
    public Builder workflowName(String workflowName) {
      return filter("workflow_name", workflowName);
    }

    /// Only events of this execution.
    public Builder workflowExecId(String workflowExecId) {
      return filter("workflow_exec_id", workflowExecId);
    }

    /// Only events of this execution and of all that descend from it.
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

    /// First sequence wanted, inclusive. 0, the default, is everything that is retained; negative is
    /// only what comes from now on. [#lastEventId] and [#resumeAfter] win over it.
    public Builder startSeq(long startSeq) {
      this.startSeq = startSeq;
      return this;
    }

    /// Only events whose metadata has all of these; in place of those set before.
    ///
    /// @param metadataFilters texts, numbers, booleans, nulls or [Json]
    public Builder metadataFilters(Map<String, ? extends @Nullable Object> metadataFilters) {
      this.metadataFilters.clear();
      metadataFilters.forEach(this::metadataFilter);
      return this;
    }

    /// Only events whose metadata has this.
    ///
    /// @param value a text, a number, a boolean, null or [Json]
    public Builder metadataFilter(String key, @Nullable Object value) {
      boolean sendable =
          value == null
              || value instanceof String
              || value instanceof Number
              || value instanceof Boolean
              || value instanceof Json;
      if (!sendable) {
        throw new IllegalArgumentException(
            "A filter on metadata is a text, a number, a boolean, null or Json, but '"
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

    /// Ends the stream when the execution is over (contract, section 4): its newest run has its
    /// terminal event (`COMPLETED`, `FAILED` or `CANCELED`), and nothing more of the execution has
    /// followed for the [#terminalGrace]. A stream that is positioned after the end of an execution
    /// finds that out from the server and ends too.
    ///
    /// If nothing of the execution is stored, the stream waits for it to begin. There is one
    /// exception: if everything up to the position that the stream resumes after has expired, the
    /// execution counts as read and over, and the stream ends. An execution that still runs but has
    /// published nothing for as long as events are retained cannot be told from that. Servers that do
    /// not send `Galerne-Oldest-Sequence` do not tell either, and the stream waits.
    ///
    /// The execution is the one that [#workflowExecId] names, or else [#rootWorkflowExecId]. If
    /// neither is set, the stream ends after the first root that ends after its position.
    public Builder untilTerminal() {
      this.untilTerminal = true;
      return this;
    }

    /// Resumes after the last sequence that was seen, exclusive.
    public Builder lastEventId(long lastEventId) {
      return resumeAfter(Checkpoint.of(lastEventId));
    }

    /// Resumes after the position that another stream had reached, and fails if the log is not the
    /// same any more; null starts over.
    public Builder resumeAfter(@Nullable Checkpoint position) {
      this.resumeAfter = position;
      return this;
    }

    /// How long nothing of an execution must follow its terminal event until the execution is over;
    /// by default [EventStream#DEFAULT_TERMINAL_GRACE]. A worker publishes one more event after the
    /// terminal one, and a workflow with a retry policy fails and starts its next run at once, so
    /// [Duration#ZERO] may end the stream too early.
    ///
    /// @throws IllegalArgumentException if it is negative
    public Builder terminalGrace(Duration terminalGrace) {
      this.terminalGrace = Backoff.requireNotNegative(terminalGrace, "terminalGrace");
      return this;
    }

    /// Is told about connections, reconnections and gaps.
    public Builder listener(StreamListener listener) {
      this.listener = listener;
      return this;
    }

    /// Ends the stream with a [io.galerne.client.error.StreamException] if events are gone that it
    /// has not delivered. By default, the listener is told, a warning is logged, and the stream
    /// continues after them.
    public Builder failOnGap() {
      this.failOnGap = true;
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
    /// @throws IllegalArgumentException if the stream is to end when an execution is over, but its
    ///     filters keep that execution's terminal events out
    public StreamEventsRequest build() {
      if (untilTerminal && keepsTerminalEventsOut()) {
        throw new IllegalArgumentException(
            "untilTerminal() ends the stream after a terminal event, which scope, activityName,"
                + " activityId, parentWorkflowExecId or workflowEventTypes keep out: it would never"
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
