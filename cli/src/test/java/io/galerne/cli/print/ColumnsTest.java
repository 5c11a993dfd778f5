package io.galerne.cli.print;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ColumnsTest {
  private final Columns unicode = new Columns(true);
  private final Columns ascii = new Columns(false);

  @ParameterizedTest
  @CsvSource({
    "resume, 6, resume",
    "resume, 5, resu…",
    "résumé, 6, résumé",
    "abc, 1, …",
    "abc, 0, ''",
    "abc, -3, ''",
    "日本語, 6, 日本語",
    "日本語, 5, 日本…",
    "日本語, 4, 日…",
    "🌍a🌍, 4, 🌍a…",
    "e\u0301e\u0301e\u0301, 3, e\u0301e\u0301e\u0301",
  })
  void keepsTheBeginning(String text, int width, String shown) {
    assertThat(unicode.head(text, width)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "resume, 6, resume",
    "resume, 5, …sume",
    "abc, 0, ''",
    "日本語, 4, …語",
    "a🌍b, 3, …b",
    "a🌍b, 4, a🌍b"
  })
  void keepsTheEnd(String text, int width, String shown) {
    assertThat(unicode.tail(text, width)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "résumé, 6, resume",
    "résumé, 5, re...",
    "“quoted”, 8, ?quoted?",
    "🌍, 1, ?",
    "日本, 2, ??"
  })
  void fallsBackToAscii(String text, int width, String shown) {
    assertThat(ascii.head(text, width)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({
    "'a\u001b[31mb', 'a [31mb'",
    "'a\nb', 'a b'",
    "'a\u2028b', 'a b'",
    "'\u202eab', ' ab'"
  })
  void escapesControlCharacters(String text, String shown) {
    assertThat(unicode.head(text, 20)).isEqualTo(shown);
    assertThat(unicode.tail(text, 20)).isEqualTo(shown);
  }
}
