package io.galerne.protocol;

/// An operation of a JSON Patch (contract, section 1): `add`, `replace` and `remove` of RFC 6902,
/// and the additional `append`.
///
/// A path is a JSON Pointer; `""`, `"/"` and `[]` all mean the whole document.
@WireJson
public sealed interface PatchOperation {
  /// The operation's name on the wire.
  String op();

  /// The path in the document, verbatim.
  String path();

  /// The operation as JSON, as on the wire.
  default Json json() {
    return EventText.operation(this);
  }

  /// Adds a member to an object, or inserts a value before an element of an array; `-` appends to
  /// the array.
  record Add(String path, Json value) implements PatchOperation {
    @Override
    public String op() {
      return "add";
    }
  }

  /// Replaces a value.
  record Replace(String path, Json value) implements PatchOperation {
    @Override
    public String op() {
      return "replace";
    }
  }

  /// Removes a value.
  ///
  /// @param value has no meaning, but the wire requires one
  record Remove(String path, Json value) implements PatchOperation {
    /// Removes the value at a path.
    public Remove(String path) {
      this(path, Json.NULL);
    }

    @Override
    public String op() {
      return "remove";
    }
  }

  /// Appends a string to the string at the path.
  ///
  /// @param value a JSON string
  record Append(String path, Json value) implements PatchOperation {
    /// Appends a text to the string at a path.
    public Append(String path, String more) {
      this(path, Json.slice(EventText.quoted(more)));
    }

    @Override
    public String op() {
      return "append";
    }
  }

  /// An unknown or incomplete operation. It cannot be applied.
  ///
  /// @param op the name on the wire; `""` if there is none
  /// @param path the path; `""` if there is none
  /// @param json the operation, verbatim
  record Unknown(String op, String path, Json json) implements PatchOperation {}
}
