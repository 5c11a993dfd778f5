package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// Where a stream event belongs (contract, section 2). `""` stands for what the server left out.
///
/// @param parentWorkflowExecId null for a root
/// @param rootWorkflowExecId null where the server does not say
public record WorkflowContext(
    String namespace,
    String workflowName,
    String workflowExecId,
    @Nullable String parentWorkflowExecId,
    @Nullable String rootWorkflowExecId) {}
