package io.galerne.protocol;

/// The key of a task. Custom tasks and activities have separate ids.
record TaskKey(String workflowExecId, boolean isActivity, String taskId) {
  static TaskKey of(CustomTaskEvent event) {
    return new TaskKey(event.workflowExecId(), false, event.customTaskId());
  }

  static TaskKey of(ActivityTaskEvent event) {
    return new TaskKey(event.workflowExecId(), true, event.taskId());
  }
}
