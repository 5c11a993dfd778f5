package io.galerne.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.function.IntToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The text of a request with placeholders of fixed width, which are filled for every request, so
/// that sending costs a copy and a few digits. A placeholder belongs to an item: a single event is
/// item 0, the events of a batch are items 0, 1, ….
///
/// Immutable; [#copy()] returns bytes for a publisher to fill.
public final class Template {
  /// Placeholder of an event's id: 12 hexadecimal digits.
  public static final String ID = "#".repeat(12);

  /// Placeholder of an execution's number: 8 decimal digits.
  public static final String EXECUTION = "@".repeat(8);

  /// Placeholder of a time in nanoseconds: 19 decimal digits.
  public static final String TIME = "~".repeat(19);

  /// Separates the items of a batch while the text is parsed; never sent.
  private static final char NEXT_ITEM = '\1';

  private final byte[] bytes;
  private final int items;
  private final Places ids;
  private final Places executions;
  private final Places times;

  private Template(String text, int items) {
    this.bytes = text.replace(String.valueOf(NEXT_ITEM), "").getBytes(UTF_8);
    this.items = items;
    this.ids = Places.of(ID, text);
    this.executions = Places.of(EXECUTION, text);
    this.times = Places.of(TIME, text);
  }

  /// Returns a `PUT` without a body.
  public static Template put(String host, String path) {
    return new Template(request("PUT", host, path, "", 0), 1);
  }

  /// Returns a `POST` of one body.
  public static Template post(String host, String path, String body) {
    return new Template(request("POST", host, path, body, body.getBytes(UTF_8).length), 1);
  }

  /// Returns a `POST` of several items between `head` and `tail`, separated by commas.
  public static Template postBatch(
      String host, String path, String head, String item, int items, String tail) {
    String body =
        IntStream.range(0, items)
            .mapToObj(_ -> item)
            .collect(Collectors.joining("," + NEXT_ITEM, head, tail));
    return new Template(
        request("POST", host, path, body, body.getBytes(UTF_8).length - items + 1), items);
  }

  /// Returns text that is not an HTTP request, such as the payload of a message.
  public static Template text(String text) {
    return new Template(text, 1);
  }

  private static String request(String method, String host, String path, String body, int length) {
    return "%s %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
        .formatted(method, path, host, length, body);
  }

  public int items() {
    return items;
  }

  public byte[] copy() {
    return bytes.clone();
  }

  /// Fills every placeholder of a [#copy()].
  ///
  /// @param firstId id of item 0; item n gets the n-th after it
  /// @param execution returns the number of an item's execution
  void fill(byte[] copy, long firstId, IntToLongFunction execution, long time) {
    for (int i = 0; i < ids.at.length; i++) {
      digits(copy, ids.at[i], ID.length(), firstId + ids.item[i], 16);
    }
    for (int i = 0; i < executions.at.length; i++) {
      long number = execution.applyAsLong(executions.item[i]);
      digits(copy, executions.at[i], EXECUTION.length(), number, 10);
    }
    for (int at : times.at) {
      digits(copy, at, TIME.length(), time, 10);
    }
  }

  private static void digits(byte[] to, int at, int count, long value, int radix) {
    long rest = value;
    for (int i = at + count - 1; i >= at; i--) {
      to[i] = (byte) Character.forDigit((int) (rest % radix), radix);
      rest /= radix;
    }
  }

  /// The offsets of one kind of placeholder in the bytes, and the item of each.
  private static final class Places {
    private final int[] at;
    private final int[] item;

    private Places(int[] at, int[] item) {
      this.at = at;
      this.item = item;
    }

    static Places of(String place, String text) {
      // One char a byte, so that indices count bytes.
      String latin = new String(text.getBytes(UTF_8), ISO_8859_1);
      int[] at = new int[count(place, latin)];
      int[] item = new int[at.length];
      int found = 0;
      int items = 0;
      for (int i = 0; i < latin.length(); i++) {
        if (latin.charAt(i) == NEXT_ITEM) {
          items++;
        } else if (latin.startsWith(place, i)) {
          at[found] = i - items;
          item[found++] = items;
          i += place.length() - 1;
        }
      }
      return new Places(at, item);
    }

    private static int count(String place, String text) {
      return (text.length() - text.replace(place, "").length()) / place.length();
    }
  }
}
