package io.galerne.protocol;

/// What tells a task from all others. Custom tasks and activities count by themselves.
record TaskKey(String workflowExecId, boolean isActivity, String taskId) {
  static TaskKey of(CustomTaskEvent event) {
    return new TaskKey(event.workflowExecId(), false, event.customTaskId());
  }

  static TaskKey of(ActivityTaskEvent event) {
    return new TaskKey(event.workflowExecId(), true, event.taskId());
  }
}
