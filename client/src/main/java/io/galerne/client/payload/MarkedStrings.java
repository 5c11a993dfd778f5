package io.galerne.client.payload;

import io.galerne.protocol.Json;
import java.util.ArrayList;
import java.util.List;

/// The strings of a value that its author marked as secret: objects
/// `{"field_type": "__encrypted_str__", "data": …}` at any depth. The content of a marked object is
/// not searched.
final class MarkedStrings {
  private static final String MARK = "__encrypted_str__";

  /// Returns the replacement of a marked string.
  @FunctionalInterface
  interface Change<X extends Exception> {
    String apply(String data) throws X;
  }

  private record Data(int from, int to, String text) {}

  private MarkedStrings() {}

  /// Replaces all marked strings; returns the same value if there are none.
  ///
  /// @throws MarkWithoutData if something other than a string is marked
  static <X extends Exception> Json replace(Json value, Change<X> change)
      throws X, MarkWithoutData {
    List<Data> marked = new ArrayList<>();
    try (JsonSplice in = new JsonSplice(value.text())) {
      find(in, marked);
      for (Data data : marked) {
        in.replace(data.from, data.to, Json.ofValue(change.apply(data.text)).text());
      }
      return in.isChanged() ? Json.of(in.result()) : value;
    }
  }

  private static void find(JsonSplice in, List<Data> marked) throws MarkWithoutData {
    if (in.atObject()) {
      object(in, marked);
    } else if (in.atArray()) {
      while (in.nextElement()) {
        find(in, marked);
      }
    }
  }

  private static void object(JsonSplice in, List<Data> marked) throws MarkWithoutData {
    boolean isMarked = false;
    int before = marked.size();
    List<Data> own = new ArrayList<>();
    for (String name = in.nextMember(); name != null; name = in.nextMember()) {
      if (name.equals("field_type") && !in.atObject() && !in.atArray()) {
        isMarked |= MARK.equals(in.string());
      } else if (name.equals("data") && !in.atObject() && !in.atArray()) {
        int from = in.from();
        String data = in.string();
        if (data != null) {
          own.add(new Data(from, in.to(), data));
        }
      } else {
        find(in, marked);
      }
    }
    if (isMarked) {
      if (own.isEmpty()) {
        throw new MarkWithoutData();
      }
      marked.subList(before, marked.size()).clear();
      marked.addAll(own);
    }
  }

  /// A marked object has no string in `data`.
  static final class MarkWithoutData extends Exception {
    private static final long serialVersionUID = 1L;

    private MarkWithoutData() {
      super("an object is marked as " + MARK + ", but has no string of data");
    }
  }
}
