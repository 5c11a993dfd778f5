package io.galerne.cli.print;

import java.text.Normalizer;

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
    int end = 0;
    for (int used = 0; end < clean.length(); ) {
      int c = clean.codePointAt(end);
      used += width(c);
      if (used > room) {
        break;
      }
      end += Character.charCount(c);
    }
    return room < 0 ? "" : clean.substring(0, end) + ellipsis();
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

  /// Returns the number of columns that a text without control characters takes.
  public static int width(String clean) {
    return clean.codePoints().map(Columns::width).sum();
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

  private static int width(int c) {
    return switch (Character.getType(c)) {
      case Character.NON_SPACING_MARK, Character.ENCLOSING_MARK, Character.FORMAT -> 0;
      default -> isWide(c) ? 2 : 1;
    };
  }

  /// East Asian letters and pictures.
  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0xA4CF)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
