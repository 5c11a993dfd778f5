package example;

import module io.galerne.client;

/// Prints the tasks of an execution, with one import, in Java 25.
final class Follow {
  static void main(String[] args) {
    try (var mistral = Mistral.builder().serverUrl(args[0]).build();
        var events =
            mistral
                .events()
                .getStreamEvents(request -> request.rootWorkflowExecId(args[1]).untilTerminal())) {
      for (var event : events) {
        if (event.data() instanceof CustomTaskInProgress task) {
          IO.println(task.customTaskType() + ": " + task.payload());
        }
      }
    }
  }
}
