package io.galerne.spring.autoconfigure;

import io.galerne.client.Mistral;
import io.galerne.client.error.ForbiddenException;
import io.galerne.client.error.MistralException;
import io.galerne.spring.ListenerStatus;
import io.galerne.spring.WorkflowEventListeners;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// The health of the server and the listeners. Independent of Spring Boot, whose two versions have
/// different classes for this.
final class GalerneHealth {
  /// Health probes wait only a few seconds.
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final Mistral mistral;
  private final WorkflowEventListeners listeners;

  GalerneHealth(Mistral mistral, WorkflowEventListeners listeners) {
    this.mistral = mistral;
    this.listeners = listeners;
  }

  /// @param up false if the server is unusable or a listener fails
  record Report(boolean up, Map<String, Object> details) {}

  Report report() {
    Map<String, Object> details = new LinkedHashMap<>();
    boolean up = probe(details);
    for (ListenerStatus status : listeners.statuses()) {
      details.put("listener." + status.consumer(), describe(status));
      up &= status.state() != ListenerStatus.State.FAILING;
    }
    return new Report(up, details);
  }

  /// Lists one event. A key that may only publish is refused, but that shows that the server is up.
  private boolean probe(Map<String, Object> details) {
    try {
      mistral
          .events()
          .getWorkflowEvents(request -> request.limit(1).options(o -> o.timeout(TIMEOUT)));
      details.put("server", "reachable");
      return true;
    } catch (ForbiddenException e) {
      details.put("server", "reachable");
      return true;
    } catch (MistralException | IllegalStateException e) {
      details.put("server", String.valueOf(e.getMessage()));
      return false;
    }
  }

  private static Map<String, Object> describe(ListenerStatus status) {
    Map<String, Object> description = new LinkedHashMap<>();
    description.put("state", status.state().name());
    status.position().ifPresent(sequence -> description.put("position", sequence));
    status.failure().ifPresent(failure -> description.put("failure", failure.toString()));
    return description;
  }
}
