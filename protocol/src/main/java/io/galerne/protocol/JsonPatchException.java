package io.galerne.protocol;

/// An operation of a JSON Patch does not fit the document that it is applied to.
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

  /// Which operation of the patch it is, from 0.
  public int operationIndex() {
    return operationIndex;
  }

  /// The operation's path, as it came.
  public String path() {
    return path;
  }
}
