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

/// A JSON value as its exact text: same digits, same escapes, same order of members. Immutable. Two
/// values are equal if their texts are.
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
  /// Initialised lazily, because it fails if the versions of the Jackson libraries are
  /// incompatible.
  private static final class Exact {
    /// Numbers keep every digit: integers of any size, fractions as decimals.
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

  /// Parses a JSON text.
  ///
  /// @throws MalformedEventException if the text is not exactly one JSON value
  public static Json of(String text) {
    return EventReader.value(EventText.escapeLoneSurrogates(text));
  }

  /// Serialises an object with Jackson; returns a [Json] unchanged.
  ///
  /// @throws JacksonException if the object cannot be written as JSON
  public static Json ofValue(Object value) {
    return value instanceof Json json ? json : rendered(exact().writeValueAsString(value));
  }

  static Json ofTree(JsonNode tree) {
    return rendered(tree.toString());
  }

  /// Wraps a text that is known to be one JSON value.
  static Json slice(String text) {
    return new Json(text);
  }

  /// Wraps a text rendered from Java strings, which may contain lone surrogates. UTF-8 cannot
  /// encode those, but JSON can escape them; in JSON they occur only in strings.
  private static Json rendered(String text) {
    return new Json(EventText.escapeLoneSurrogates(text));
  }

  /// The text, without surrounding white space.
  public String text() {
    return text;
  }

  /// The members of an object, verbatim and in their order; the last of several with the same name.
  /// Empty for any other value.
  public Map<String, Json> members() {
    return Collections.unmodifiableMap(EventReader.read(text, EventReader::members));
  }

  /// The elements of an array, verbatim. Empty for any other value.
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

  /// If an exponent does not fit in a `BigDecimal`, Jackson throws a `NumberFormatException`.
  private static <T> T read(Supplier<T> reader) {
    try {
      return reader.get();
    } catch (NumberFormatException e) {
      throw new StreamConstraintsException(String.valueOf(e.getMessage()));
    }
  }

  /// Converts the value to an instance of a class.
  ///
  /// @throws JacksonException if the value does not match the class
  public <T> T as(Class<T> type) {
    return as(exact(), type);
  }

  /// Converts the value to a generic type, such as `new TypeReference<List<Page>>() {}`.
  ///
  /// @throws JacksonException if the value does not match the type
  public <T> T as(TypeReference<T> type) {
    return as(exact(), type);
  }

  /// Converts the value with the given mapper.
  ///
  /// @throws JacksonException if the value does not match the class
  public <T> T as(ObjectMapper mapper, Class<T> type) {
    return read(() -> mapper.readValue(text, type));
  }

  /// Converts the value with the given mapper.
  ///
  /// @throws JacksonException if the value does not match the type
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
