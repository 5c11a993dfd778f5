package io.galerne.protocol;

import org.jspecify.annotations.Nullable;

/// The execution that a stream event belongs to (contract, section 2). `""` stands for fields that
/// the server omitted.
///
/// @param parentWorkflowExecId null for a root
/// @param rootWorkflowExecId null if the server does not say
public record WorkflowContext(
    String namespace,
    String workflowName,
    String workflowExecId,
    @Nullable String parentWorkflowExecId,
    @Nullable String rootWorkflowExecId) {}
