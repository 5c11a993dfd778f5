package io.galerne.server.api;

import io.galerne.protocol.EventTimestamp;
import io.galerne.server.fault.Fault;
import io.galerne.server.fault.InvalidRequestException;
import io.galerne.server.http.Target;
import io.galerne.server.ingest.JsonText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/// Reads the parameters of a request and collects all faults for [#requireValid]. For one request,
/// by one thread.
final class Query {
  private static final String ANY = "*";
  private static final Set<String> TRUE = Set.of("true", "1", "yes", "on", "t", "y");
  private static final Set<String> FALSE = Set.of("false", "0", "no", "off", "f", "n");

  private final Map<String, List<String>> parameters;
  private final List<Fault> faults = new ArrayList<>();

  Query(Target target) {
    this.parameters = target.query();
  }

  /// A parameter's last value; empty if it is missing, empty, or `*`.
  Optional<String> text(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    return values.isEmpty()
        ? Optional.empty()
        : Optional.of(values.getLast()).filter(Query::isGiven);
  }

  /// Whether a value restricts anything: it is neither empty nor `*`.
  static boolean isGiven(String value) {
    return !value.isEmpty() && !value.equals(ANY);
  }

  /// A parameter that is one of these words; empty if it is missing, empty, or `*`.
  Optional<String> choice(String name, List<String> words) {
    Optional<String> value = text(name);
    if (value.isPresent() && !words.contains(value.get())) {
      fault(expected(words, List.of("query", name), value.get()));
      return Optional.empty();
    }
    return value;
  }

  /// The fault of a value that is none of these words.
  static Fault expected(List<String> words, List<Object> loc, String value) {
    String list = words.stream().map(word -> "'" + word + "'").collect(Collectors.joining(", "));
    return new Fault(
        "enum",
        loc,
        "Input should be one of " + list,
        JsonText.quote(value),
        "{\"expected\":" + JsonText.quote(list) + "}");
  }

  /// A parameter that is an integer; empty if it is missing or empty.
  OptionalLong integer(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    return values.isEmpty()
        ? OptionalLong.empty()
        : integer(values.getLast(), List.of("query", name));
  }

  /// A text that is an integer; empty if it is empty.
  OptionalLong integer(String value, List<Object> loc) {
    String text = value.strip();
    if (text.isEmpty()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      fault(
          new Fault(
              "int_parsing",
              loc,
              "Input should be a valid integer of at most 64 bits, unable to parse string as an"
                  + " integer",
              JsonText.quote(value)));
      return OptionalLong.empty();
    }
  }

  /// A parameter that is true or false, as FastAPI reads it.
  boolean flag(String name, boolean fallback) {
    Optional<String> value = text(name).map(text -> text.toLowerCase(Locale.ROOT));
    if (value.isPresent() && !TRUE.contains(value.get()) && !FALSE.contains(value.get())) {
      fault(
          new Fault(
              "bool_parsing",
              List.of("query", name),
              "Input should be a valid boolean, true or false",
              JsonText.quote(value.get())));
    }
    return value.map(TRUE::contains).orElse(fallback);
  }

  /// A timestamp parameter in ISO 8601, as nanoseconds since 1970; in UTC if it has no offset.
  OptionalLong moment(String name) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    // a plus that was not escaped has become a space
    String text = value.get().strip().replaceFirst("T(.*) (\\d\\d:?\\d\\d)$", "T$1+$2");
    OptionalLong nanos = EventTimestamp.parse(text);
    if (nanos.isEmpty()) {
      nanos = EventTimestamp.parse(text + "Z");
    }
    if (nanos.isEmpty()) {
      fault(
          new Fault(
              "datetime_parsing",
              List.of("query", name),
              "Input should be a valid datetime from 1678 to 2261, such as 2026-03-30T10:00:00Z",
              JsonText.quote(value.get())));
    }
    return nanos;
  }

  /// The last sequence that a reader has seen, from a parameter or header.
  OptionalLong sequence(String value, List<Object> loc) {
    OptionalLong sequence = integer(value, loc);
    if (sequence.isPresent()) {
      atLeast(0, sequence.getAsLong(), loc);
    }
    return sequence;
  }

  /// Records a fault if the number is below `least`.
  void atLeast(long least, long value, List<Object> loc) {
    if (value < least) {
      fault(
          new Fault(
              "greater_than_equal",
              loc,
              "Input should be greater than or equal to " + least,
              Long.toString(value),
              "{\"ge\":" + least + "}"));
    }
  }

  /// Records a fault if the number is above `most`.
  void atMost(long most, long value, List<Object> loc) {
    if (value > most) {
      fault(
          new Fault(
              "less_than_equal",
              loc,
              "Input should be less than or equal to " + most,
              Long.toString(value),
              "{\"le\":" + most + "}"));
    }
  }

  Map<String, List<String>> parameters() {
    return parameters;
  }

  void fault(Fault fault) {
    faults.add(fault);
  }

  /// @throws InvalidRequestException if there are faults
  void requireValid() {
    if (!faults.isEmpty()) {
      throw new InvalidRequestException(faults);
    }
  }
}
