package io.galerne.protocol;

/// An operation of a JSON Patch cannot be applied to its document.
public final class JsonPatchException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int operationIndex;
  private final String path;

  JsonPatchException(int operationIndex, PatchOperation operation, String reason) {
    super(
        "Operation %d, %s at \"%s\", does not fit: %s"
            .formatted(operationIndex, operation.op(), operation.path(), reason));
    this.operationIndex = operationIndex;
    this.path = operation.path();
  }

  /// The index of the operation in the patch, from 0.
  public int operationIndex() {
    return operationIndex;
  }

  /// The operation's path, verbatim.
  public String path() {
    return path;
  }
}
