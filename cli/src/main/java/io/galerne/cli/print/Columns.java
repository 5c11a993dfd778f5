package io.galerne.cli.print;

import java.text.Normalizer;
import org.jline.utils.WCWidth;

/// Fits untrusted text into the columns of a terminal: it cannot move the cursor or change colours,
/// and no character is split.
///
/// @param unicode whether the ellipsis can be shown
public record Columns(boolean unicode) {
  private String ellipsis() {
    return unicode ? "…" : "...";
  }

  /// Returns the beginning of the text in at most `width` columns.
  public String head(String text, int width) {
    String clean = clean(text);
    if (width(clean) <= width) {
      return clean;
    }
    int room = width - ellipsis().length();
    return room < 0 ? "" : start(clean, room) + ellipsis();
  }

  /// Returns the longest beginning of a text without control characters that fits the width.
  public static String start(String clean, int width) {
    int end = 0;
    for (int used = 0; end < clean.length(); ) {
      int c = clean.codePointAt(end);
      used += width(c);
      if (used > width) {
        break;
      }
      end += Character.charCount(c);
    }
    return clean.substring(0, end);
  }

  /// Returns the end of the text in at most `width` columns.
  String tail(String text, int width) {
    String clean = clean(text);
    if (width(clean) <= width) {
      return clean;
    }
    int room = width - ellipsis().length();
    int start = clean.length();
    for (int used = 0; start > 0; ) {
      int c = clean.codePointBefore(start);
      used += width(c);
      if (used > room) {
        break;
      }
      start -= Character.charCount(c);
    }
    return room < 0 ? "" : ellipsis() + clean.substring(start);
  }

  /// Returns an id in full, so that it can be copied from the terminal. A character that must not
  /// or cannot be shown is escaped as in JSON, `\\u001b`, rather than left out.
  public String id(String id) {
    StringBuilder shown = new StringBuilder(id.length());
    id.codePoints()
        .forEach(c -> {
          boolean visible =
              !Character.isISOControl(c) && !isInvisible(c) && !isHalf(c) && (unicode || c < 127);
          if (visible) {
            shown.appendCodePoint(c);
          } else {
            for (char half : Character.toChars(c)) {
              shown.append("\\u%04x".formatted((int) half));
            }
          }
        });
    return shown.toString();
  }

  /// Returns whether a code point is a lone surrogate, which no encoding can write.
  private static boolean isHalf(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  /// Pads a text without control characters with spaces to a width.
  public static String padded(String clean, int width) {
    return clean + " ".repeat(Math.max(0, width - width(clean)));
  }

  /// Returns the number of columns that a text takes. A control character takes one, as the space
  /// that [#head] shows for it.
  public static int width(String text) {
    return text.codePoints().map(Columns::width).sum();
  }

  private static int width(int c) {
    int columns = WCWidth.wcwidth(c);
    return columns < 0 ? 1 : columns;
  }

  private String clean(String text) {
    StringBuilder clean = new StringBuilder(text.length());
    (unicode ? text : plain(text))
        .codePoints()
        .map(c -> Character.isISOControl(c) || isInvisible(c) ? ' ' : c)
        .forEach(clean::appendCodePoint);
    return clean.toString();
  }

  /// Converts text to ASCII: letters lose their accents, other characters become question marks.
  private static String plain(String text) {
    return Normalizer.normalize(text, Normalizer.Form.NFKD)
        .replaceAll("\\p{M}", "")
        .replaceAll("[^\\p{ASCII}]", "?");
  }

  /// Line and paragraph separators, and marks that change the direction of writing.
  private static boolean isInvisible(int c) {
    return c == 0x2028
        || c == 0x2029
        || c == 0x061C
        || (c >= 0x200E && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
