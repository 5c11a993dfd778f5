package io.galerne.server.log;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.regex.Pattern;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads and compares an event's metadata values as JSON, without rounding numbers to a double.
final class Metadata {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,9})?");

  /// Longer texts are not compared as numbers, which keeps comparisons cheap.
  private static final int LONGEST_NUMBER = 64;

  private static final Comparator<JsonNode> NUMBERS_BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  private Metadata() {}

  static JsonNode of(EventRecord event) {
    return JSON.readTree(event.bytes(), event.offset(Field.METADATA), event.length(Field.METADATA));
  }

  static boolean equal(JsonNode one, JsonNode other) {
    return one.equals(NUMBERS_BY_VALUE, other);
  }

  /// Whether `text` is a JSON spelling of this number, boolean or null.
  static boolean spells(String text, JsonNode value) {
    if (value.isNumber()) {
      return isNumber(text) && new BigDecimal(text).compareTo(value.decimalValue()) == 0;
    }
    return value.isNull()
        ? text.equals("null")
        : value.isBoolean() && text.equals(value.asString());
  }

  /// The canonical text of a scalar, the same for all scalars that one condition may match: a
  /// number, or a string that spells one, loses its redundant digits.
  static String canonical(JsonNode scalar) {
    return scalar.isNumber()
        ? canonical(scalar.decimalValue())
        : canonical(scalar.isNull() ? "null" : scalar.asString());
  }

  static String canonical(String text) {
    return isNumber(text) ? canonical(new BigDecimal(text)) : text;
  }

  private static String canonical(BigDecimal number) {
    try {
      return number.signum() == 0 ? "0" : number.stripTrailingZeros().toString();
    } catch (ArithmeticException e) {
      return number.toString(); // the exponent is at the limit of BigDecimal
    }
  }

  private static boolean isNumber(String text) {
    return text.length() <= LONGEST_NUMBER && NUMBER.matcher(text).matches();
  }
}
