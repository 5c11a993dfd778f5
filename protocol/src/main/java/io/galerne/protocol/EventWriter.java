package io.galerne.protocol;

/// Writes events as JSON from their fields, as the contract wants it on the way out (section 1):
/// every nullable member is there. Members that no schema names are not; [Event#json()] has those.
public final class EventWriter {
  private EventWriter() {}

  /// The event as it would be rendered were it new; an [UnknownEvent] exactly as it came.
  public static Json write(Event event) {
    if (event instanceof WorkflowExecutionEvent e) {
      return workflowExecution(e);
    } else if (event instanceof WorkflowTaskEvent e) {
      return workflowTask(e);
    } else if (event instanceof CustomTaskEvent e) {
      return customTask(e);
    } else if (event instanceof ActivityTaskEvent e) {
      return activityTask(e);
    }
    return event.json();
  }

  private static Json workflowExecution(WorkflowExecutionEvent event) {
    if (event instanceof WorkflowExecutionStarted e) {
      return new WorkflowExecutionStarted(
              e.header(),
              e.taskId(),
              e.startedWorkflowName(),
              e.displayName(),
              e.input(),
              e.attempt())
          .json();
    } else if (event instanceof WorkflowExecutionCompleted e) {
      return new WorkflowExecutionCompleted(e.header(), e.taskId(), e.result(), e.attempt()).json();
    } else if (event instanceof WorkflowExecutionFailed e) {
      return new WorkflowExecutionFailed(e.header(), e.taskId(), e.failure(), e.attempt()).json();
    } else if (event instanceof WorkflowExecutionCanceled e) {
      return new WorkflowExecutionCanceled(e.header(), e.taskId(), e.reason(), e.attempt()).json();
    } else if (event instanceof WorkflowExecutionContinuedAsNew e) {
      return new WorkflowExecutionContinuedAsNew(
              e.header(), e.taskId(), e.newExecutionRunId(), e.newWorkflowName(), e.input())
          .json();
    }
    throw new AssertionError(event);
  }

  private static Json workflowTask(WorkflowTaskEvent event) {
    if (event instanceof WorkflowTaskTimedOut e) {
      return new WorkflowTaskTimedOut(e.header(), e.taskId(), e.timeoutType()).json();
    } else if (event instanceof WorkflowTaskFailed e) {
      return new WorkflowTaskFailed(e.header(), e.taskId(), e.failure()).json();
    }
    throw new AssertionError(event);
  }

  private static Json customTask(CustomTaskEvent event) {
    if (event instanceof CustomTaskStarted e) {
      return new CustomTaskStarted(e.header(), e.customTaskId(), e.customTaskType(), e.payload())
          .json();
    } else if (event instanceof CustomTaskInProgress e) {
      return new CustomTaskInProgress(e.header(), e.customTaskId(), e.customTaskType(), e.payload())
          .json();
    } else if (event instanceof CustomTaskCompleted e) {
      return new CustomTaskCompleted(e.header(), e.customTaskId(), e.customTaskType(), e.payload())
          .json();
    } else if (event instanceof CustomTaskFailed e) {
      return new CustomTaskFailed(e.header(), e.customTaskId(), e.customTaskType(), e.failure())
          .json();
    } else if (event instanceof CustomTaskTimedOut e) {
      return new CustomTaskTimedOut(
              e.header(), e.customTaskId(), e.customTaskType(), e.timeoutType())
          .json();
    } else if (event instanceof CustomTaskCanceled e) {
      return new CustomTaskCanceled(e.header(), e.customTaskId(), e.customTaskType(), e.reason())
          .json();
    }
    throw new AssertionError(event);
  }

  private static Json activityTask(ActivityTaskEvent event) {
    if (event instanceof ActivityTaskStarted e) {
      return new ActivityTaskStarted(e.header(), e.taskId(), e.activityName(), e.input()).json();
    } else if (event instanceof ActivityTaskCompleted e) {
      return new ActivityTaskCompleted(e.header(), e.taskId(), e.activityName(), e.result()).json();
    } else if (event instanceof ActivityTaskRetrying e) {
      return new ActivityTaskRetrying(
              e.header(), e.taskId(), e.activityName(), e.attempt(), e.failure())
          .json();
    } else if (event instanceof ActivityTaskFailed e) {
      return new ActivityTaskFailed(
              e.header(), e.taskId(), e.activityName(), e.attempt(), e.failure())
          .json();
    }
    throw new AssertionError(event);
  }
}
