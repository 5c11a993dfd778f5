package io.galerne.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/// The application's Jackson, of either version and however configured, serialises wire types as
/// their text and reads them back.
class WireJsonTest {
  private static final String VALUE =
      "{\"z\":1e-7,\"a\":1234567890123456789,\"b\":2.50,\"é\":\"😀 \\\" /\","
          + "\"c\":0.1000000000000000055,\"n\":null,\"l\":[1,[2,{}],true]}";

  private static final String EVENT =
      "{\"event_id\":\"e\",\"event_timestamp\":1774864800037001003,"
          + "\"root_workflow_exec_id\":\"r\",\"parent_workflow_exec_id\":null,"
          + "\"workflow_exec_id\":\"r\",\"workflow_run_id\":\"1\",\"workflow_name\":\"w\","
          + "\"event_type\":\"CUSTOM_TASK_STARTED\",\"attributes\":{\"custom_task_id\":\"1\","
          + "\"custom_task_type\":\"t\",\"payload\":{\"type\":\"json\",\"value\":"
          + VALUE
          + ",\"encoding_options\":null}},\"not_of_the_schema\":1.0}";

  private static final String STREAM_EVENT =
      "{\"stream\":\"t\",\"timestamp\":\"2026-03-30T10:00:00.037001003Z\",\"data\":"
          + EVENT
          + ",\"workflow_context\":{\"namespace\":\"default\",\"workflow_name\":\"w\","
          + "\"workflow_exec_id\":\"r\",\"parent_workflow_exec_id\":null,"
          + "\"root_workflow_exec_id\":\"r\"},\"metadata\":{\"n\":1e-7},\"broker_sequence\":7}";

  /// One of the application's mappers.
  interface Mapper {
    String write(Object value);

    <T> T read(String json, Class<T> type);

    <T> T readBytes(byte[] json, Class<T> type);

    Object convert(Object value, Class<?> type);
  }

  private record Jackson2(String name, com.fasterxml.jackson.databind.ObjectMapper mapper)
      implements Mapper {
    private interface Work<T> {
      T run() throws IOException;
    }

    private static <T> T unchecked(Work<T> work) {
      try {
        return work.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public String write(Object value) {
      return unchecked(() -> mapper.writeValueAsString(value));
    }

    @Override
    public <T> T read(String json, Class<T> type) {
      return unchecked(() -> mapper.readValue(json, type));
    }

    @Override
    public <T> T readBytes(byte[] json, Class<T> type) {
      return unchecked(() -> mapper.readValue(new ByteArrayInputStream(json), type));
    }

    @Override
    public Object convert(Object value, Class<?> type) {
      return mapper.convertValue(value, type);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private record Jackson3(String name, tools.jackson.databind.ObjectMapper mapper)
      implements Mapper {
    @Override
    public String write(Object value) {
      return mapper.writeValueAsString(value);
    }

    @Override
    public <T> T read(String json, Class<T> type) {
      return mapper.readValue(json, type);
    }

    @Override
    public <T> T readBytes(byte[] json, Class<T> type) {
      return mapper.readValue(new ByteArrayInputStream(json), type);
    }

    @Override
    public Object convert(Object value, Class<?> type) {
      return mapper.convertValue(value, type);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Mapper> mappers() {
    return List.of(
        new Jackson2("Jackson 2", new com.fasterxml.jackson.databind.ObjectMapper()),
        new Jackson2(
            "Jackson 2, without null and indented",
            new com.fasterxml.jackson.databind.ObjectMapper()
                .setDefaultPropertyInclusion(JsonInclude.Include.NON_EMPTY)
                .enable(SerializationFeature.INDENT_OUTPUT)),
        new Jackson2(
            "Jackson 2 with types",
            com.fasterxml.jackson.databind.json.JsonMapper.builder()
                .activateDefaultTyping(
                    com.fasterxml.jackson.databind.jsontype.BasicPolymorphicTypeValidator.builder()
                        .allowIfBaseType(Object.class)
                        .build(),
                    com.fasterxml.jackson.databind.ObjectMapper.DefaultTyping
                        .OBJECT_AND_NON_CONCRETE)
                .build()),
        new Jackson3("Jackson 3", new JsonMapper()),
        new Jackson3(
            "Jackson 3, without null and indented",
            JsonMapper.builder()
                .changeDefaultPropertyInclusion(
                    all -> all.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                .enable(tools.jackson.databind.SerializationFeature.INDENT_OUTPUT)
                .build()));
  }

  private static Map<Object, String> values() {
    Map<Object, String> values = new LinkedHashMap<>();
    values.put(Json.of(VALUE), VALUE);
    values.put(EventReader.event(EVENT), EVENT);
    values.put(
        EventReader.event("{\"event_type\":\"NEW\",\"x\":1e-7}"),
        "{\"event_type\":\"NEW\",\"x\":1e-7}");
    values.put(EventReader.streamEvent(STREAM_EVENT), STREAM_EVENT);
    values.put(
        new JsonPayload(Json.of(VALUE)),
        "{\"type\":\"json\",\"value\":" + VALUE + ",\"encoding_options\":null}");
    values.put(
        new JsonPayload(Json.of("\"c2VjcmV0\""), List.of("compressed", "encrypted")),
        "{\"type\":\"json\",\"value\":\"c2VjcmV0\",\"encoding_options\":[\"compressed\","
            + "\"encrypted\"]}");
    values.put(
        Payload.patch(
            new PatchOperation.Append("/t", "é"),
            new PatchOperation.Replace("/n", Json.of("1e-7")),
            new PatchOperation.Remove("/x")),
        "{\"type\":\"json_patch\",\"value\":[{\"op\":\"append\",\"path\":\"/t\",\"value\":\"é\"},"
            + "{\"op\":\"replace\",\"path\":\"/n\",\"value\":1e-7},"
            + "{\"op\":\"remove\",\"path\":\"/x\",\"value\":null}],\"encoding_options\":null}");
    values.put(
        new UnknownPayload("later", Json.of("{\"type\":\"later\",\"a\":2.50}")),
        "{\"type\":\"later\",\"a\":2.50}");
    values.put(
        new PatchOperation.Add("/a", Json.of("1e-7")),
        "{\"op\":\"add\",\"path\":\"/a\",\"value\":1e-7}");
    values.put(
        new Failure("no disk", Json.of("{\"message\":\"no disk\",\"code\":1e-7}")),
        "{\"message\":\"no disk\",\"code\":1e-7}");
    values.put(
        new EventPage(List.of(EventReader.event(EVENT)), "n\"ext"),
        "{\"events\":[" + EVENT + "],\"next_cursor\":\"n\\\"ext\"}");
    return values;
  }

  static Stream<Arguments> mappersAndValues() {
    List<Arguments> all = new ArrayList<>();
    for (Mapper mapper : mappers()) {
      values().forEach((value, text) -> all.add(Arguments.of(mapper, value, text)));
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("mappersAndValues")
  void writesWireJsonAndReadsItBack(Mapper mapper, Object value, String text) {
    assertThat(mapper.write(value)).isEqualTo(text);
    assertThat(mapper.read(text, value.getClass())).isEqualTo(value);
    assertThat(mapper.readBytes(text.getBytes(StandardCharsets.UTF_8), value.getClass()))
        .isEqualTo(value);
  }

  /// An application class.
  record Note(Event event, StreamEvent streamEvent, Payload payload, Json json, List<Event> all) {}

  @ParameterizedTest
  @MethodSource("mappers")
  void readsWireTypesInsideOtherClasses(Mapper mapper) {
    Event event = EventReader.event(EVENT);
    StreamEvent streamEvent = EventReader.streamEvent(STREAM_EVENT);
    Note note =
        new Note(event, streamEvent, Payload.of(Map.of("a", 1)), Json.of("1e-7"), List.of(event));

    String json = mapper.write(note);

    assertThat(json).contains(STREAM_EVENT, "1e-7");
    assertThat(mapper.read(json, Note.class)).isEqualTo(note);
  }

  static Stream<Mapper> mappersWithoutTypes() {
    return mappers().stream().filter(mapper -> !mapper.toString().contains("types"));
  }

  @ParameterizedTest
  @MethodSource("mappersWithoutTypes")
  void convertsWireTypesToOtherClassesAndBack(Mapper mapper) {
    Event event = EventReader.event(EVENT);

    Object map = mapper.convert(event, Map.class);

    assertThat(map)
        .isInstanceOfSatisfying(
            Map.class, members -> assertThat(members.get("event_id")).isEqualTo("e"));
    assertThat(mapper.convert(event, Event.class))
        .isInstanceOfSatisfying(
            CustomTaskStarted.class,
            started -> assertThat(started.json().tree()).isEqualTo(event.json().tree()));
    assertThat(mapper.convert(map, Event.class))
        .isInstanceOfSatisfying(
            CustomTaskStarted.class,
            started -> assertThat(started.eventTimestampNanos()).isEqualTo(1774864800037001003L));
  }

  @ParameterizedTest
  @MethodSource("mappers")
  void loneSurrogatesStayEscaped(Mapper mapper) {
    Json json = mapper.read("{\"a\":\"\\ud83d\"}", Json.class);

    assertThat(json.text()).isEqualToIgnoringCase("{\"a\":\"\\ud83d\"}");
  }

  @ParameterizedTest
  @MethodSource("mappers")
  void nullIsNull(Mapper mapper) {
    assertThat(mapper.read("null", Event.class)).isNull();
    assertThat(mapper.read("null", Json.class)).isEqualTo(Json.NULL);
  }

  @ParameterizedTest
  @MethodSource("mappers")
  void saysWhatDoesNotMatch(Mapper mapper) {
    assertThatThrownBy(() -> mapper.read(EVENT, WorkflowExecutionStarted.class))
        .hasMessageContaining("This is not a WorkflowExecutionStarted, but a CustomTaskStarted");
    assertThatThrownBy(() -> mapper.read("{\"stream\":\"x\"}", StreamEvent.class))
        .hasMessageContaining("broker_sequence");
    assertThatThrownBy(() -> mapper.read("7", Payload.class))
        .hasMessageContaining("This is not a payload: 7");
  }
}
