package example;

import io.galerne.client.Mistral;
import io.galerne.protocol.CustomTaskInProgress;
import io.galerne.protocol.Event;
import java.util.concurrent.Executors;

/** Prints the tasks of an execution, on the class path and a virtual thread, with Java 21. */
public final class Follow {
  private Follow() {}

  public static void main(String[] args) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      threads.submit(() -> follow(args[0], args[1])).get();
    }
  }

  private static void follow(String url, String execution) {
    try (var mistral = Mistral.builder().serverUrl(url).build();
        var events =
            mistral
                .events()
                .getStreamEvents(request -> request.rootWorkflowExecId(execution).untilTerminal())) {
      for (var event : events) {
        print(event.data());
      }
    }
  }

  private static void print(Event event) {
    switch (event) {
      case CustomTaskInProgress task ->
          System.out.println(task.customTaskType() + ": " + task.payload());
      default -> {}
    }
  }
}
