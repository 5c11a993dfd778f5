package io.galerne.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import tools.jackson.core.JacksonException;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.cfg.JsonNodeFeature;
import tools.jackson.databind.json.JsonMapper;

/// One JSON value as its exact text: same digits, same escapes, same order of members. Immutable.
/// Two are equal where their texts are.
///
/// ```java
/// record Page(int number, String text) {}
///
/// Json json = Json.of("{\"number\": 1, \"text\": \"Bonjour\"}");
/// Page page = json.as(Page.class);
/// System.out.println(page.text() + " " + json.tree().path("number").intValue());
/// ```
@WireJson
public final class Json {
  /// Made when it is needed first, because that fails if Jackson's libraries do not fit together.
  private static final class Exact {
    /// Numbers keep every digit: integers are as large as need be, fractions decimal.
    static final JsonMapper MAPPER =
        JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();
  }

  private static JsonMapper exact() {
    try {
      return Exact.MAPPER;
    } catch (LinkageError e) {
      throw JacksonLibraries.doNotFit(e);
    }
  }

  /// `null`
  public static final Json NULL = new Json("null");

  private final String text;

  private Json(String text) {
    this.text = text;
  }

  /// The value that this text is.
  ///
  /// @throws MalformedEventException where it is not exactly one JSON value
  public static Json of(String text) {
    return EventReader.value(EventText.escapeLoneSurrogates(text));
  }

  /// The value that Jackson makes of an object; of a [Json], itself.
  ///
  /// @throws JacksonException where it cannot be written as JSON
  public static Json ofValue(Object value) {
    return value instanceof Json json ? json : rendered(exact().writeValueAsString(value));
  }

  static Json ofTree(JsonNode tree) {
    return rendered(tree.toString());
  }

  /// A text that is known to be one JSON value.
  static Json slice(String text) {
    return new Json(text);
  }

  /// A text that was rendered from strings of Java, which may hold halves of characters. UTF-8
  /// cannot write those, but JSON can, as escapes; in JSON they only occur within strings.
  private static Json rendered(String text) {
    return new Json(EventText.escapeLoneSurrogates(text));
  }

  /// The value's text, without space around it.
  public String text() {
    return text;
  }

  /// The members of an object, each exactly as it stands in the text, in its order; of several with
  /// one name, the last. Empty for any other value.
  public Map<String, Json> members() {
    return Collections.unmodifiableMap(EventReader.read(text, EventReader::members));
  }

  /// The elements of an array, each exactly as it stands in the text. Empty for any other value.
  public List<Json> elements() {
    return Collections.unmodifiableList(EventReader.read(text, EventReader::elements));
  }

  /// The value as a tree. Numbers are exact: integers of any size, fractions as `BigDecimal`.
  ///
  /// @throws JacksonException if it is beyond Jackson's limits, such as a number of more than 1,000
  ///     digits or with an exponent of more than ten
  public JsonNode tree() {
    return read(() -> exact().readTree(text));
  }

  /// For an exponent that no `BigDecimal` can hold, Jackson lets an exception of Java's through.
  private static <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (NumberFormatException e) {
      throw new StreamConstraintsException(String.valueOf(e.getMessage()));
    }
  }

  /// The value as an object of the caller's own class.
  ///
  /// @throws JacksonException where it does not fit the class
  public <T> T as(Class<T> type) {
    return as(exact(), type);
  }

  /// The value as an object of a generic type, such as `new TypeReference<List<Page>>() {}`.
  ///
  /// @throws JacksonException where it does not fit the type
  public <T> T as(TypeReference<T> type) {
    return as(exact(), type);
  }

  /// The value as the caller's own mapper reads it.
  ///
  /// @throws JacksonException where it does not fit the class
  public <T> T as(ObjectMapper mapper, Class<T> type) {
    return read(() -> mapper.readValue(text, type));
  }

  /// The value as the caller's own mapper reads it.
  ///
  /// @throws JacksonException where it does not fit the type
  public <T> T as(ObjectMapper mapper, TypeReference<T> type) {
    return read(() -> mapper.readValue(text, type));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Json json && json.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// The text.
  @Override
  public String toString() {
    return text;
  }
}
