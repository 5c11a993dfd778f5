package io.galerne.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The rules of the WHATWG specification for event streams, one per line. Every stream is parsed
/// whole, split at every byte, and byte by byte: the result must be the same.
class SseParserTest {
  private static final OptionalLong NO_RETRY = OptionalLong.empty();

  static Stream<Arguments> streams() {
    return Stream.of(
        // the examples of the specification
        stream(
            "lines of data are joined",
            "data: YHOO\ndata: +2\ndata: 10\n\n",
            message("YHOO\n+2\n10")),
        stream(
            "comment, id, empty id, leading space, and a torn end",
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\n"
                + "data:  third event",
            message("first event", "1"),
            message("second event", "")),
        stream(
            "empty data is dispatched, and a torn frame is not",
            "data\n\ndata\ndata\n\ndata:",
            message(""),
            message("\n")),
        stream(
            "a space after the colon is left out",
            "data:test\n\ndata: test\n\n",
            message("test"),
            message("test")),

        // line ends
        stream("LF ends lines", "data: a\n\ndata: b\n\n", message("a"), message("b")),
        stream("CR ends lines", "data: a\r\rdata: b\r\r", message("a"), message("b")),
        stream("CRLF ends lines", "data: a\r\n\r\ndata: b\r\n\r\n", message("a"), message("b")),
        stream("line ends may be mixed", "data: a\rdata: b\ndata: c\r\n\r\r\n", message("a\nb\nc")),
        stream("LF and CR are two line ends", "data: a\n\rdata: b\n\r", message("a"), message("b")),
        stream(
            "CR CR LF is two line ends", "data: a\r\r\ndata: b\r\r\n", message("a"), message("b")),
        stream("blank lines say nothing", "\n\n\r\n\rdata: a\n\n\n\n", message("a")),

        // byte order mark
        stream("a leading byte order mark is skipped", "\uFEFFdata: a\n\n", message("a")),
        stream("only one byte order mark is skipped", "\uFEFF\uFEFFdata: a\n\n"),
        stream(
            "a later byte order mark belongs to the name",
            "data: a\n\n\uFEFFdata: b\n\n",
            message("a")),
        stream("a byte order mark alone is a blank line", "\uFEFF\ndata: a\n\n", message("a")),
        stream("a byte order mark in data is kept", "data: \uFEFFa\n\n", message("\uFEFFa")),

        // fields
        stream("comments are ignored", ":\n: ping\n:data: no\ndata: a\n:ping\n\n", message("a")),
        stream("comments alone dispatch nothing", ": ping\n\n: ping\n\n"),
        stream("only the first space is left out", "data:  two\n\n", message(" two")),
        stream("a tab after the colon is kept", "data:\ta\n\n", message("\ta")),
        stream("trailing spaces are kept", "data: a  \n\n", message("a  ")),
        stream("further colons belong to the value", "data: a:b: c\n\n", message("a:b: c")),
        stream("a name without a colon has an empty value", "data\n\n", message("")),
        stream("a lone space is an empty value", "data: \n\n", message("")),
        stream(
            "names are compared exactly",
            "Data: no\ndata : no\n data: no\ndata: a\n\n",
            message("a")),
        stream("unknown names are ignored", "foo: bar\nfoo\ndatas: no\ndata: a\n\n", message("a")),
        stream(
            "data keeps every character",
            "data: é🌬️\u2028\u0000x\n\n",
            message("é🌬️\u2028\u0000x")),

        // event
        stream(
            "an event has a name",
            "event: error\ndata: a\n\n",
            message("error", "a", "", NO_RETRY)),
        stream(
            "the last name counts",
            "event: x\nevent: y\ndata: a\n\n",
            message("y", "a", "", NO_RETRY)),
        stream("an empty name is none", "event: x\nevent:\ndata: a\n\n", message("a")),
        stream(
            "a name is for one message",
            "event: x\ndata: a\n\ndata: b\n\n",
            message("x", "a", "", NO_RETRY),
            message("b")),
        stream("a name without data is forgotten", "event: x\n\ndata: a\n\n", message("a")),

        // id
        stream(
            "an id persists",
            "id: 7\ndata: a\n\ndata: b\n\nid: 8\ndata: c\n\n",
            message("a", "7"),
            message("b", "7"),
            message("c", "8")),
        stream("an id may come behind the data", "data: a\nid: 7\n\n", message("a", "7")),
        stream("an id without data persists too", "id: 7\n\ndata: a\n\n", message("a", "7")),
        stream(
            "an empty id resets it",
            "id: 7\ndata: a\n\nid\ndata: b\n\n",
            message("a", "7"),
            message("b")),
        stream("an id with NUL is ignored", "id: 7\nid: 8\u0000\ndata: a\n\n", message("a", "7")),
        stream("an id need not be a number", "id: é/ 1\ndata: a\n\n", message("a", "é/ 1")),

        // retry
        stream("digits are a reconnection time", "retry: 1500\ndata: a\n\n", retry("a", 1500)),
        stream("leading zeros are digits", "retry:007\ndata: a\n\n", retry("a", 7)),
        stream(
            "what is not all digits is ignored",
            "retry: 1.5\nretry: -1\nretry: +1\nretry: 1s\nretry: 0x1\nretry:\nretry\ndata: a\n\n",
            message("a")),
        stream("digits of other scripts are ignored", "retry: ١٢\ndata: a\n\n", message("a")),
        stream("a bad time leaves the good one", "retry: 5\nretry: x\ndata: a\n\n", retry("a", 5)),
        stream(
            "a time that no clock has is ignored",
            "retry: 99999999999999999999\ndata: a\n\n",
            message("a")),
        stream(
            "a time is for one message",
            "retry: 5\ndata: a\n\ndata: b\n\n",
            retry("a", 5),
            message("b")),

        // the format-* tests of web-platform-tests/wpt that differ from those above
        stream(
            "format-comments",
            "data:1\r:\0\n:\r\ndata:2\n:LONG\rdata:3\n:data:fail\r:LONG\ndata:4\n\n"
                .replace("LONG", "x".repeat(2048)),
            message("1\n2\n3\n4")),
        stream(
            "format-data-before-final-empty-line",
            "retry:1000\ndata:test1\n\nid:test\ndata:test2",
            retry("test1", 1000)),
        stream(
            "format-field-data",
            "data:\n\ndata\ndata\n\ndata:test\n\n",
            message(""),
            message("\n"),
            message("test")),
        stream("format-field-event-empty", "event: \ndata:data\n\n", message("data")),
        stream(
            "format-field-event",
            "event:test\ndata:x\n\ndata:x\n\n",
            message("test", "x", "", NO_RETRY),
            message("x")),
        stream("format-field-id-null", "id:\0\0\ndata:hello\n\n", message("hello")),
        stream(
            "format-field-parsing",
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\r"
                + "data:\r\n data:32\ndata:4\n\n",
            message("\0\n 2\n1\n3\n\n4")),
        stream("format-field-retry-empty", "retry\ndata:test\n\n", message("test")),
        stream("format-field-retry-bogus", "retry:3000\nretry:1000x\ndata:x\n\n", retry("x", 3000)),
        stream(
            "format-field-unknown",
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
            message("test\n\ntest")),
        stream(
            "format-leading-space",
            "data:\ttest\rdata: \ndata:test\n\n",
            message("\ttest\n\ntest")),
        stream("format-newlines", "data:test\r\ndata\ndata:test\r\n\r", message("test\n\ntest")),
        stream("format-null-character", "data:\0\n\n", message("\0")),
        stream(
            "format-bom", "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", message("1"), message("3")),
        stream(
            "format-bom-2",
            "\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n",
            message("2"),
            message("3")),

        // the end
        stream("nothing is in nothing", ""),
        stream("a line that is not ended is dropped", "data: a\n\ndata: b", message("a")),
        stream("a frame without its blank line is dropped", "data: a\n\ndata: b\n", message("a")),
        stream("a frame that ends in CR is whole", "data: a\r\r", message("a")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("streams")
  void followsTheSpecificationForAnyChunks(String rule, byte[] stream, List<SseMessage> expected) {
    assertThat(read(stream)).as(rule).isEqualTo(expected);
    for (int cut = 0; cut <= stream.length; cut++) {
      assertThat(read(stream, cut)).as("%s, cut at %s", rule, cut).isEqualTo(expected);
    }
    int[] everywhere = new int[stream.length];
    for (int i = 0; i < everywhere.length; i++) {
      everywhere[i] = i;
    }
    assertThat(read(stream, everywhere)).as("%s, byte by byte", rule).isEqualTo(expected);
  }

  @Test
  void parsesConcatenatedStreamsInRandomChunks() {
    long seed = System.nanoTime();
    System.out.println("SseParserTest seed " + seed);
    Random random = new Random(seed);
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < 2000; i++) {
      all.writeBytes(
          ("id: " + i + "\r\ndata: " + "é🌬️".repeat(random.nextInt(30)) + i + "\r\n\r\n")
              .getBytes(UTF_8));
    }
    byte[] stream = all.toByteArray();
    int[] cuts = random.ints(3000, 0, stream.length).sorted().toArray();
    List<SseMessage> messages = read(stream, cuts);
    assertThat(messages).as("seed %s", seed).hasSize(2000);
    for (int i = 0; i < 2000; i++) {
      assertThat(messages.get(i).id()).isEqualTo(Integer.toString(i));
      assertThat(messages.get(i).data()).endsWith(Integer.toString(i)).doesNotContain("\uFFFD");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "data: a\n\n",
        "data: a\r\r",
        "data: a\r\n\r\n",
        ": ping\n",
        "unknown: x\n",
        "\n",
        "id: 7\n\n",
        "event: x\n\n",
        "\uFEFF\n"
      })
  void isBetweenMessagesIfNothingIsPending(String stream) {
    assertThat(midMessageAfter(stream)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "d",
        ":",
        ": ping",
        "data: a",
        "data: a\n",
        "data: a\r",
        "data: a\r\n",
        "data\n",
        "id: 7\n",
        "event: x\n",
        "retry: 1\n",
        "data: a\n\ni",
        "data: a\n\nid: 7\n: ping\n"
      })
  void isInsideAMessageIfSomethingIsPending(String stream) {
    assertThat(midMessageAfter(stream)).isTrue();
  }

  private static boolean midMessageAfter(String stream) {
    SseParser parser = new SseParser(message -> {});
    byte[] bytes = stream.getBytes(UTF_8);
    parser.feed(bytes, 0, bytes.length);
    return parser.midMessage();
  }

  @Test
  void findsEveryLineEnd() {
    long seed = System.nanoTime();
    System.out.println("SseParserTest seed " + seed);
    Random random = new Random(seed);
    for (int run = 0; run < 20_000; run++) {
      byte[] value = new byte[random.nextInt(40)];
      for (int i = 0; i < value.length; i++) {
        int b = random.nextInt(random.nextBoolean() ? 16 : 128);
        value[i] = (byte) (b == '\n' || b == '\r' ? ' ' : b);
      }
      String text = new String(value, UTF_8);
      String lineEnd = List.of("\n", "\r", "\r\n").get(random.nextInt(3));
      byte[] stream = ("data: " + text + lineEnd + "data" + lineEnd + lineEnd).getBytes(UTF_8);
      assertThat(read(stream, random.nextInt(stream.length)))
          .as("seed %s", seed)
          .containsExactly(message(text + "\n"));
    }
  }

  @Test
  void continuesAfterTheConsumerThrows() {
    List<SseMessage> messages = new ArrayList<>();
    SseParser parser =
        new SseParser(message -> {
          messages.add(message);
          if (message.data().equals("a")) {
            throw new IllegalArgumentException("a");
          }
        });
    byte[] bytes = "data: a\n\n".getBytes(UTF_8);
    assertThatThrownBy(() -> parser.feed(bytes, 0, bytes.length)).hasMessage("a");
    byte[] more = "data: b\n\n".getBytes(UTF_8);
    parser.feed(more, 0, more.length);
    assertThat(messages).containsExactly(message("a"), message("b"));
  }

  @Test
  void replacesInvalidUtf8AndContinues() {
    byte[] stream = "data: a?b\n\ndata: c\n\n".getBytes(UTF_8);
    stream[7] = (byte) 0xFF;
    assertThat(read(stream)).containsExactly(message("a\uFFFDb"), message("c"));
  }

  @Test
  void readsOnlyTheGivenRange() {
    List<SseMessage> messages = new ArrayList<>();
    byte[] bytes = "xxdata: a\n\ndata: b\n\n".getBytes(UTF_8);
    new SseParser(messages::add).feed(bytes, 2, 9);
    assertThat(messages).containsExactly(message("a"));
  }

  @Test
  void acceptsLinesUpToTheLimit() {
    List<SseMessage> messages = new ArrayList<>();
    SseParser parser = new SseParser(messages::add, 16);
    byte[] longest = ("data: " + "x".repeat(10) + "\n\n").getBytes(UTF_8);
    parser.feed(longest, 0, longest.length);
    assertThat(messages).hasSize(1);

    byte[] tooLong = ("data: " + "x".repeat(11)).getBytes(UTF_8);
    assertThatThrownBy(() -> parser.feed(tooLong, 0, tooLong.length))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("16 bytes");
  }

  private static List<SseMessage> read(byte[] stream, int... cuts) {
    List<SseMessage> messages = new ArrayList<>();
    SseParser parser = new SseParser(messages::add);
    int from = 0;
    for (int cut : cuts) {
      parser.feed(stream, from, cut - from);
      from = cut;
    }
    parser.feed(stream, from, stream.length - from);
    return messages;
  }

  private static Arguments stream(String rule, String text, SseMessage... expected) {
    return arguments(rule, text.getBytes(UTF_8), List.of(expected));
  }

  private static SseMessage message(String data) {
    return message(data, "");
  }

  private static SseMessage message(String data, String id) {
    return new SseMessage(Optional.empty(), data, id, NO_RETRY);
  }

  private static SseMessage message(String event, String data, String id, OptionalLong retry) {
    return new SseMessage(Optional.of(event), data, id, retry);
  }

  private static SseMessage retry(String data, long millis) {
    return new SseMessage(Optional.empty(), data, "", OptionalLong.of(millis));
  }
}
