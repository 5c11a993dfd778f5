package example;

import io.galerne.client.Mistral;
import io.galerne.client.stream.EventStream;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.StreamEvent;

/** Prints the tasks of an execution, in a Java module, with Java 17. */
public final class Follow {
  private Follow() {}

  public static void main(String[] args) {
    try (Mistral mistral = Mistral.builder().serverUrl(args[0]).build();
        EventStream events =
            mistral
                .events()
                .getStreamEvents(request -> request.rootWorkflowExecId(args[1]).untilTerminal())) {
      for (StreamEvent event : events) {
        if (event.data() instanceof CustomTaskInProgress task) {
          System.out.println(task.customTaskType() + ": " + task.payload());
        }
      }
    }
  }
}
