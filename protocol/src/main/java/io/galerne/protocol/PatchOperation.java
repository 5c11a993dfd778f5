package io.galerne.protocol;

/// One step of a JSON Patch as the wire has it (contract, section 1): of RFC 6902 `add`, `replace`
/// and `remove`, and `append`, which that does not have.
///
/// A path is a JSON Pointer; `""`, `"/"` and `[]` all mean the whole document.
@WireJson
public sealed interface PatchOperation {
  /// The operation's word on the wire.
  String op();

  /// Where in the document, as it came.
  String path();

  /// The operation as JSON of the wire.
  default Json json() {
    return EventText.operation(this);
  }

  /// Puts a value at a member, or before an element of an array; `-` is the place behind the last.
  record Add(String path, Json value) implements PatchOperation {
    @Override
    public String op() {
      return "add";
    }
  }

  /// Puts a value in the place of another.
  record Replace(String path, Json value) implements PatchOperation {
    @Override
    public String op() {
      return "replace";
    }
  }

  /// Takes a value away.
  ///
  /// @param value means nothing, but the wire demands one
  record Remove(String path, Json value) implements PatchOperation {
    public Remove(String path) {
      this(path, Json.NULL);
    }

    @Override
    public String op() {
      return "remove";
    }
  }

  /// Writes a string behind the string at a place.
  ///
  /// @param value a JSON string
  record Append(String path, Json value) implements PatchOperation {
    public Append(String path, String more) {
      this(path, Json.slice(EventText.quoted(more)));
    }

    @Override
    public String op() {
      return "append";
    }
  }

  /// An operation that is not known here, or lacks what it needs. It cannot be applied.
  ///
  /// @param op its word on the wire; `""` where there is none
  /// @param path its path; `""` where there is none
  /// @param json the operation as it came
  record Unknown(String op, String path, Json json) implements PatchOperation {}
}
