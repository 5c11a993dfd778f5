package io.galerne.spring;

import io.galerne.protocol.WorkflowExecutionCompleted;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.springframework.jdbc.core.JdbcTemplate;

/// A listener that writes a row for each event, and can be made to fail or to block.
public class Billing {
  /// The action after it has written its row.
  public interface Then {
    void accept(String execution) throws Exception;
  }

  private final JdbcTemplate jdbc;
  final AtomicInteger calls = new AtomicInteger();
  volatile Then then = execution -> {};

  public Billing(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  @WorkflowEventListener(consumer = "${test.workflow}", workflowName = "${test.workflow}")
  void completed(WorkflowExecutionCompleted event) throws Exception {
    calls.incrementAndGet();
    jdbc.update("INSERT INTO invoice VALUES (?, ?)", event.workflowName(), event.workflowExecId());
    then.accept(event.workflowExecId());
  }

  static List<String> invoices(JdbcTemplate jdbc, String workflow) {
    return jdbc.queryForList(
        "SELECT execution FROM invoice WHERE workflow = ? ORDER BY execution",
        String.class,
        workflow);
  }
}
