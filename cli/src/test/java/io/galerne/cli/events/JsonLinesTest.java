package io.galerne.cli.events;

import static org.assertj.core.api.Assertions.assertThat;

import io.galerne.protocol.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class JsonLinesTest {
  private static String printed(boolean unicode, String json) {
    StringWriter out = new StringWriter();
    assertThat(new JsonLines(new PrintWriter(out), unicode).print(Json.of(json))).isTrue();
    return out.toString();
  }

  @Test
  void printsAValueOnOneLine() {
    assertThat(printed(true, "{\n  \"a\": [1.50,\r\n \"é\\n\"]\n}"))
        .isEqualTo("{   \"a\": [1.50,   \"é\\n\"] }\n");
  }

  @Test
  void escapesNonAsciiCharacters() {
    String json = "{\"é\":\"日本 🌬 \u007f\"}";

    String ascii = printed(false, json);

    assertThat(ascii).isEqualTo("{\"\\u00e9\":\"\\u65e5\\u672c \\ud83c\\udf2c \\u007f\"}\n");
    assertThat(Json.of(ascii).tree()).isEqualTo(Json.of(json).tree());
  }
}
