package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

class JsonTest {
  private record Page(int number, String title) {}

  @Test
  void keepsItsTextWithoutSurroundingWhiteSpace() {
    assertThat(Json.of(" [ 1 ]\n").text()).isEqualTo("[ 1 ]").hasToString("[ 1 ]");
  }

  @Test
  void isEqualIfTheTextIs() {
    assertThat(Json.of("1")).isEqualTo(Json.ofValue(1)).hasSameHashCodeAs(Json.of(" 1"));
    assertThat(Json.of("1")).isNotEqualTo(Json.of("1.0"));
    assertThat(Json.of("null")).isEqualTo(Json.NULL);
  }

  @Test
  void convertsToTheCallersClasses() {
    Json page = Json.of("{\"number\":3,\"title\":\"é\",\"more\":true}");

    assertThat(page.as(Page.class)).isEqualTo(new Page(3, "é"));
    assertThat(Json.ofValue(new Page(3, "é")).text()).isEqualTo("{\"number\":3,\"title\":\"é\"}");
    assertThat(Json.of("[" + page + "]").as(new TypeReference<List<Page>>() {}))
        .containsExactly(new Page(3, "é"));
    assertThat(page.as(JsonMapper.shared(), Page.class)).isEqualTo(new Page(3, "é"));
    assertThat(Json.of("[7]").as(JsonMapper.shared(), new TypeReference<List<Long>>() {}))
        .containsExactly(7L);
    assertThatThrownBy(() -> page.as(Integer.class)).isInstanceOf(JacksonException.class);
  }

  @Test
  void ofValueReturnsTheSameJson() {
    Json json = Json.of("1e-7");
    assertThat(Json.ofValue(json)).isSameAs(json);
  }

  @Test
  void membersAndElementsAreVerbatim() {
    Json json = Json.of("{\"b\": 1e-7, \"a\": [ 1.0, \"x\" ], \"b\": {\"c\":null}}");

    assertThat(json.members().keySet()).containsExactly("b", "a");
    assertThat(json.members()).containsEntry("b", Json.of("{\"c\":null}"));
    assertThat(json.members().get("a").elements())
        .extracting(Json::text)
        .containsExactly("1.0", "\"x\"");
    assertThat(json.elements()).isEmpty();
    assertThat(Json.of("[1]").members()).isEmpty();
    assertThat(Json.NULL.members()).isEmpty();
  }

  @Test
  void aNumberBeyondBigDecimalHasATextButNoTree() {
    for (String number : List.of("1e9999999999", "[-1e-9999999999]", "{\"a\":1e9999999999}")) {
      Json json = Json.of(number);

      assertThat(json.text()).isEqualTo(number);
      assertThatThrownBy(json::tree).isInstanceOf(JacksonException.class);
      assertThatThrownBy(() -> json.as(Object.class)).isInstanceOf(JacksonException.class);
    }
  }
}
