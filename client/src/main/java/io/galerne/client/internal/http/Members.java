package io.galerne.client.internal.http;

import io.galerne.protocol.Json;
import io.galerne.protocol.MalformedEventException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// The members of a JSON object in a response, read by name. A member that is null counts as
/// missing. Throws a [MalformedEventException] if a required member is missing or of another type.
public final class Members {
  private final Json json;
  private final Map<String, Json> members;

  private Members(Json json) {
    this.json = json;
    this.members = json.members();
  }

  /// The members of an object.
  ///
  /// @throws MalformedEventException if the JSON is not an object
  public static Members of(Json json) {
    if (json.text().charAt(0) != '{') {
      throw new MalformedEventException("This should be an object: " + start(json), null);
    }
    return new Members(json);
  }

  /// The whole object.
  public Json json() {
    return json;
  }

  /// The member's JSON; null if there is none.
  public @Nullable Json value(String name) {
    Json value = members.get(name);
    return value == null || value.equals(Json.NULL) ? null : value;
  }

  /// The member as a string; null if it is missing or not a string.
  public @Nullable String string(String name) {
    Json value = value(name);
    return value == null ? null : text(value);
  }

  public static @Nullable String text(Json value) {
    return value.text().charAt(0) == '"' ? value.as(String.class) : null;
  }

  /// The strings among the values.
  public static List<String> strings(List<Json> values) {
    return values.stream().map(Members::text).filter(Objects::nonNull).toList();
  }

  public String requiredString(String name) {
    String text = string(name);
    if (text == null) {
      throw wrong(name, "a string");
    }
    return text;
  }

  public boolean isTrue(String name) {
    Json value = value(name);
    return value != null && value.text().equals("true");
  }

  /// The member as an integer; null if it is missing or not an integer.
  public @Nullable Long integer(String name) {
    Json value = value(name);
    return value == null ? null : integer(value);
  }

  public static @Nullable Long integer(Json value) {
    try {
      return Long.valueOf(value.text());
    } catch (NumberFormatException e) {
      return null;
    }
  }

  public long requiredInteger(String name) {
    Long number = integer(name);
    if (number == null) {
      throw wrong(name, "an integer");
    }
    return number;
  }

  /// The trace attribute that holds a log sequence; empty if the server does not send it.
  public static OptionalLong brokerSequence(Map<String, Json> attributes) {
    Json value = attributes.get("broker_sequence");
    Long sequence = value == null ? null : integer(value);
    return sequence == null ? OptionalLong.empty() : OptionalLong.of(sequence);
  }

  public static double number(Json value) {
    try {
      return Double.parseDouble(value.text());
    } catch (NumberFormatException e) {
      throw new MalformedEventException("This should be a number: " + start(value), e);
    }
  }

  /// The member, in nanoseconds since 1970, as an instant; null if it is missing.
  public @Nullable Instant nanos(String name) {
    Long nanos = integer(name);
    return nanos == null ? null : Instant.EPOCH.plusNanos(nanos);
  }

  public Instant requiredNanos(String name) {
    return Instant.EPOCH.plusNanos(requiredInteger(name));
  }

  /// The member, in milliseconds since 1970, as an instant; null if it is missing.
  public @Nullable Instant millis(String name) {
    Long millis = integer(name);
    return millis == null ? null : Instant.EPOCH.plus(millis, ChronoUnit.MILLIS);
  }

  /// The member, in ISO 8601, as an instant; null if it is missing. UTC if it has no offset.
  public @Nullable Instant time(String name) {
    String text = string(name);
    if (text == null) {
      return null;
    }
    try {
      TemporalAccessor time =
          DateTimeFormatter.ISO_DATE_TIME.parseBest(
              text, OffsetDateTime::from, LocalDateTime::from);
      return time instanceof OffsetDateTime offset
          ? offset.toInstant()
          : LocalDateTime.from(time).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw wrong(name, "an ISO 8601 time");
    }
  }

  public Instant requiredTime(String name) {
    Instant time = time(name);
    if (time == null) {
      throw wrong(name, "an ISO 8601 time");
    }
    return time;
  }

  /// The elements of the member; empty if there is none.
  ///
  /// @throws MalformedEventException if it is not an array
  public List<Json> elements(String name) {
    Json value = value(name);
    if (value == null) {
      return List.of();
    } else if (value.text().charAt(0) != '[') {
      throw wrong(name, "an array");
    }
    return value.elements();
  }

  /// The elements of the member.
  ///
  /// @throws MalformedEventException if it is missing or not an array
  public List<Json> requiredElements(String name) {
    if (value(name) == null) {
      throw wrong(name, "an array");
    }
    return elements(name);
  }

  /// The members of the member; empty if it is missing.
  public Map<String, Json> members(String name) {
    Json value = value(name);
    return value == null ? Map.of() : value.members();
  }

  private MalformedEventException wrong(String name, String type) {
    Json value = members.get(name);
    String found = value == null ? "is missing" : "is " + start(value);
    return new MalformedEventException(name + " should be " + type + ", but " + found, null);
  }

  private static String start(Json json) {
    return Answers.excerpt(json.text());
  }
}
