package example;

import io.galerne.client.Mistral;
import io.galerne.protocol.CustomTaskInProgress;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Prints the tasks of an execution, in a Spring Boot application with the client as a bean. */
@SpringBootApplication
public class Follow {
  public static void main(String[] args) {
    System.setProperty("galerne.server-url", args[0]);
    System.setProperty("spring.main.banner-mode", "off");
    System.setProperty("logging.level.root", "warn");
    SpringApplication.run(Follow.class, args);
  }

  @Bean
  CommandLineRunner printTasks(Mistral mistral) {
    return args -> {
      try (var events =
          mistral
              .events()
              .getStreamEvents(request -> request.rootWorkflowExecId(args[1]).untilTerminal())) {
        for (var event : events) {
          if (event.data() instanceof CustomTaskInProgress task) {
            System.out.println(task.customTaskType() + ": " + task.payload());
          }
        }
      }
    };
  }
}
