package io.galerne.server.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// Compares the scanner with Jackson.
class JsonScannerTest {
  private static final JsonFactory JACKSON = new JsonFactory();

  private static final String[] PIECES = {
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"\"",
    "\"a\"",
    "\"type\"",
    "\"é\"",
    "\"😀 and more\"",
    "\"\\n\"",
    "\"\\u00e9\"",
    "\"\\ud83d\\ude00\"",
    "0",
    "-1",
    "12345678901234567890",
    "1.5",
    "1e-7",
    "-0.0E+9",
    "true",
    "false",
    "null",
    " ",
    "\n",
    "\t",
    "\"a long text that takes more than one word\"",
    "\"quote \\\" inside\"",
    "\\",
    "\u0001",
    "-",
    "1.",
    "tru",
    "\"",
    "01",
    "+"
  };

  /// The tokens of a text; null if it is not JSON. Lone surrogates are replaced in the text.
  private static List<String> scanned(byte[] text) {
    List<String> tokens = new ArrayList<>();
    JsonScanner scanner = new JsonScanner(text, 0, text.length);
    try {
      for (JsonToken token = scanner.next(); token != null; token = scanner.next()) {
        tokens.add(
            switch (token) {
              case OBJECT_START -> "{";
              case OBJECT_END -> "}";
              case ARRAY_START -> "[";
              case ARRAY_END -> "]";
              case NAME -> "name " + scanner.string();
              case STRING -> "string " + scanner.string();
              case INTEGER, DECIMAL, TRUE, FALSE, NULL ->
                  new String(text, scanner.start(), scanner.end() - scanner.start(), UTF_8);
            });
      }
    } catch (JsonSyntaxException e) {
      return null;
    }
    return tokens;
  }

  private static List<String> byJackson(byte[] text) {
    List<String> tokens = new ArrayList<>();
    try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), text)) {
      tools.jackson.core.JsonToken token = parser.nextToken();
      boolean started = token != null;
      int depth = 0;
      while (token != null) {
        if (depth == 0 && !tokens.isEmpty()) {
          return null; // Jackson accepts several values in sequence
        }
        switch (token) {
          case START_OBJECT, START_ARRAY -> depth++;
          case END_OBJECT, END_ARRAY -> depth--;
          default -> {}
        }
        tokens.add(
            switch (token) {
              case PROPERTY_NAME -> "name " + parser.getString();
              case VALUE_STRING -> "string " + parser.getString();
              default -> parser.getString();
            });
        token = parser.nextToken();
      }
      return started ? tokens : null;
    } catch (JacksonException e) {
      return null;
    }
  }

  @Test
  void agreesWithJackson() {
    long seed = System.nanoTime();
    System.out.println("JsonScannerTest seed " + seed);
    Random random = new Random(seed);
    int read = 0;
    for (int i = 0; i < 50_000; i++) {
      byte[] text = (random.nextInt(3) == 0 ? soup(random) : mutated(random)).getBytes(UTF_8);
      List<String> found = scanned(text);
      assertThat(found).as("seed %s: %s", seed, new String(text, UTF_8)).isEqualTo(byJackson(text));
      read += found == null ? 0 : 1;
    }
    assertThat(read).isGreaterThan(1_000);
  }

  private static String soup(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = 1 + random.nextInt(8); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString();
  }

  private static String mutated(Random random) {
    StringBuilder text = new StringBuilder(value(random, 4));
    if (random.nextInt(3) > 0) {
      String piece = PIECES[random.nextInt(PIECES.length)];
      int at = random.nextInt(text.length() + 1);
      int to = random.nextBoolean() ? at : Math.min(text.length(), at + 1 + random.nextInt(3));
      text.replace(at, to, piece);
    }
    String changed = text.toString();
    return new String(changed.getBytes(UTF_8), UTF_8).replace("?", "x"); // no lone surrogates
  }

  private static String value(Random random, int depth) {
    return switch (depth == 0 ? random.nextInt(3) : random.nextInt(5)) {
      case 0 -> PIECES[6 + random.nextInt(8)];
      case 1 -> PIECES[14 + random.nextInt(6)];
      case 2 -> PIECES[20 + random.nextInt(3)];
      case 3 -> {
        List<String> elements = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          elements.add(value(random, depth - 1));
        }
        yield "[" + String.join(random.nextBoolean() ? "," : " ,\n", elements) + "]";
      }
      default -> {
        List<String> members = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
          members.add(PIECES[6 + random.nextInt(8)] + ":" + value(random, depth - 1));
        }
        yield "{" + String.join(random.nextBoolean() ? "," : "\t, ", members) + "}";
      }
    };
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 6, 7, 8, 9, 15, 16, 17, 40})
  void findsForbiddenBytesAnywhereInAString(int before) {
    for (int bad = 0; bad < 256; bad++) {
      byte[] text = ("\"" + "x".repeat(before) + "_" + "y".repeat(20) + "\"").getBytes(UTF_8);
      text[before + 1] = (byte) bad;
      boolean plain = bad >= ' ' && bad < 0x80 && bad != '"' && bad != '\\';
      assertThat(scanned(text) != null).as("byte %s after %s", bad, before).isEqualTo(plain);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"\\ud83d\"             | \ufffd",
        "\"\\ude00\"             | \ufffd",
        "\"a\\ud83d\\ud83d\\ude00b\" | a\ufffd😀b",
        "\"\\ud83dx\\ude00\"      | \ufffdx\ufffd",
        "\"\\ud83d\\n\"           | \ufffd\n",
        "\"\\\\ud83d\"            | \\ud83d",
      },
      ignoreLeadingAndTrailingWhitespace = true)
  void replacesLoneSurrogates(String json, String expected) {
    byte[] text = json.getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner(text, 0, text.length);
    scanner.next();
    String wanted = json.contains("\\n") ? "\ufffd\n" : expected;
    assertThat(scanner.string()).isEqualTo(wanted);
    assertThat(new String(text, UTF_8)).doesNotContainPattern("(?<!\\\\)\\\\ud83d(?!\\\\ude00)");
  }

  @Test
  void measuresEscapesDepthAndExponents() {
    byte[] text = "[[\"\\u00e9\\n\\ud83d\\ude00\",1e99999,{}]]".getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner(text, 0, text.length);
    while (scanner.next() != null) {
      // to the end
    }
    assertThat(text.length - scanner.savedByEscapes())
        .isEqualTo("[[\"é\n😀\",1e99999,{}]]".getBytes(UTF_8).length);
    assertThat(scanner.deepest()).isEqualTo(3);
    assertThat(scanner.largeExponentAt()).isEqualTo(new String(text, UTF_8).indexOf("1e99999"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1e9999", "1e-9999", "1e+0000001", "1E00009999"})
  void acceptsExponentsThatEveryReaderSupports(String number) {
    byte[] text = number.getBytes(UTF_8);
    JsonScanner scanner = new JsonScanner(text, 0, text.length);
    scanner.next();
    assertThat(scanner.largeExponentAt()).isEqualTo(-1);
  }

  @Test
  void refusesTextOverALimit() {
    for (String text :
        List.of(
            "[".repeat(JsonScanner.MOST_DEPTH + 1),
            "1".repeat(JsonScanner.MOST_NUMBER_DIGITS + 1),
            "{\"" + "n".repeat(JsonScanner.MOST_NAME_BYTES + 1) + "\":1}")) {
      byte[] bytes = text.getBytes(UTF_8);
      JsonScanner scanner = new JsonScanner(bytes, 0, bytes.length);
      assertThatThrownBy(
              () -> {
                while (scanner.next() != null) {
                  // until it fails
                }
              })
          .isInstanceOf(JsonSyntaxException.class)
          .hasMessageContaining("at most");
    }
  }
}
