package io.galerne.server.log.jetstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.galerne.protocol.EventType;
import io.galerne.protocol.Scope;
import io.galerne.server.Seed;
import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.EventRecordBuilder;
import io.galerne.server.log.Field;
import io.galerne.server.log.RandomEvents;
import io.galerne.server.log.SampleEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SubjectsTest {
  private static final Subjects SUBJECTS = new Subjects("LOG");

  private static final List<Field> CARRIED =
      List.of(
          Field.WORKFLOW_EXEC_ID,
          Field.ROOT_WORKFLOW_EXEC_ID,
          Field.PARENT_WORKFLOW_EXEC_ID,
          Field.WORKFLOW_NAME);

  /// What a server reads of a line at the most, as it comes.
  private static final int LONGEST_LINE = 4096;

  /// What a NATS server does with a pattern: `*` is any one token, `>` at the end one or more.
  private static boolean matches(String pattern, String subject) {
    String[] wanted = pattern.split("\\.", -1);
    String[] tokens = subject.split("\\.", -1);
    for (int i = 0; i < wanted.length; i++) {
      if (wanted[i].equals(">")) {
        return i == wanted.length - 1 && tokens.length > i;
      }
      if (i >= tokens.length || !(wanted[i].equals("*") || wanted[i].equals(tokens[i]))) {
        return false;
      }
    }
    return wanted.length == tokens.length;
  }

  private static boolean matches(Selector selector, String subject) {
    return selector.patterns().stream().anyMatch(pattern -> matches(pattern, subject));
  }

  private static boolean counts(Selector selector, EventRecord event) {
    long[] keys = Subjects.keys(event);
    return LongStream.of(selector.keys())
        .anyMatch(key -> LongStream.of(keys).anyMatch(own -> own == key));
  }

  @Test
  void theTablesOfSubjectsHold() {
    assertThat(SUBJECTS.all()).containsExactly("LOG.event.>", "LOG.fence");
    assertThat(SUBJECTS.fence()).isEqualTo("LOG.fence");
    assertThat(SUBJECTS.indexStream()).isEqualTo("LOG_INDEX");
    assertThat(SUBJECTS.allOfIndex()).containsExactly("LOG_INDEX.>");
    assertThat(SUBJECTS.index("id-1")).isEqualTo("LOG_INDEX.id-1.*");
    assertThat(SUBJECTS.segment("id-1", 7)).isEqualTo("LOG_INDEX.id-1.7");
  }

  @Test
  void aSubjectNamesEveryCarriedValueInItsPlace() {
    EventRecord event =
        SampleEvent.of(EventType.ACTIVITY_TASK_FAILED)
            .exec("exec-1")
            .root("root_1")
            .parent("Parent 1")
            .workflow("fetch.all")
            .record("acme");
    assertThat(SUBJECTS.of(event))
        .isEqualTo(
            "LOG.event.acme.exec-1.root_1.Parent=201.fetch=2eall.activity.ACTIVITY_TASK_FAILED");
  }

  @Test
  void aSubjectHasATokenForWhatIsMissingToo() {
    EventRecordBuilder bare = new EventRecordBuilder(EventType.WORKFLOW_TASK_FAILED, 1);
    bare.append("ns".getBytes(UTF_8)).field(Field.NAMESPACE, 0, 2);
    assertThat(SUBJECTS.of(bare.build(2)))
        .isEqualTo("LOG.event.ns.=.=.=.=.workflow.WORKFLOW_TASK_FAILED");
  }

  @ParameterizedTest
  @EnumSource(EventType.class)
  void typesAndScopesStandInTheirWireNames(EventType type) {
    String scope = type.scope() == Scope.WORKFLOW ? "workflow" : "activity";
    assertThat(SUBJECTS.of(SampleEvent.of(type).record("acme")))
        .isEqualTo("LOG.event.acme.exec.root.=.review." + scope + "." + type.name());
  }

  /// The tokens are in streams that are there already.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "a|a",
        "azAZ09-_|azAZ09-_",
        "` `|=20",
        ".|=2e",
        "*|=2a",
        ">|=3e",
        "a.b|a=2eb",
        "=|=3d",
        "==|=3d=3d",
        "=h00|=3dh00",
        "/|=2f",
        "$JS|=24JS",
        "é|=c3=a9",
        "e\u0301|e=cc=81",
        "\uD83C\uDF2C|=f0=9f=8c=ac",
        "\u0000|=00",
        "\u007f|=7f",
      })
  void tokensKeepTheirForm(String value, String token) {
    assertThat(Subjects.token(value)).isEqualTo(token);
  }

  @Test
  void lineBreaksAndTabsAreSpelledToo() {
    assertThat(Subjects.token("\t\r\n")).isEqualTo("=09=0d=0a");
  }

  @Test
  void anEmptyValueIsNotAMissingOne() {
    assertThat(Subjects.token("")).isEqualTo("==");
    assertThat(SUBJECTS.of(SampleEvent.any().parent("").record("acme")))
        .startsWith("LOG.event.acme.exec.root.==.review.");
  }

  @Test
  void aTokenOfMoreThan96CharactersIsHashed() {
    assertThat(Subjects.token("x".repeat(96))).isEqualTo("x".repeat(96));
    // the first 16 bytes of `printf 'x%.0s' $(seq 97) | sha256sum`
    assertThat(Subjects.token("x".repeat(97))).isEqualTo("=h" + HASH_OF_97);
    assertThat(Subjects.token("é".repeat(16))).isEqualTo("=c3=a9".repeat(16));
    assertThat(Subjects.token("é".repeat(16) + "x")).startsWith("=h").hasSize(34);
    assertThat(Subjects.token("x".repeat(94) + ".")).startsWith("=h").hasSize(34);
    assertThat(Subjects.token("x".repeat(93) + ".")).isEqualTo("x".repeat(93) + "=2e");
    assertThat(Subjects.token("x".repeat(1_000_000))).startsWith("=h").hasSize(34);
  }

  private static final String HASH_OF_97 = "19a8f07eeb7f3d0c0b7377e37d72eccd";

  @Test
  void noValueCanLookLikeAHashedOne() {
    String hashed = Subjects.token("x".repeat(97));
    assertThat(Subjects.token(hashed)).isNotEqualTo(hashed).startsWith("=3dh");
  }

  @Test
  void differentValuesHaveDifferentTokens() {
    List<String> values = new ArrayList<>(RandomEvents.TEXTS);
    values.addAll(List.of("=", "==", "=h", "=2e", ".", "..", "x".repeat(97), "x".repeat(98)));
    assertThat(values.stream().map(Subjects::token)).doesNotHaveDuplicates();
  }

  @Test
  void noValueReachesOutOfItsPlace() {
    Random random = Seed.random("noValueReachesOutOfItsPlace");
    for (int i = 0; i < 5_000; i++) {
      EventRecord event = anyEvent(random);
      String subject = SUBJECTS.of(event);
      String[] tokens = subject.split("\\.", -1);
      assertThat(tokens).as(subject).hasSize(9).doesNotContain("");
      assertThat(subject).matches("[A-Za-z0-9=._-]+").hasSizeLessThan(LONGEST_LINE / 4);
      assertThat(tokens).startsWith("LOG", "event").endsWith(event.type().wireName());
      for (int field = 0; field < CARRIED.size(); field++) {
        String value = event.text(CARRIED.get(field));
        assertThat(tokens[3 + field]).isEqualTo(value == null ? "=" : Subjects.token(value));
      }
    }
  }

  /// Values of any bytes, also such as no JSON can hold.
  private static EventRecord anyEvent(Random random) {
    EventType type = EventType.values()[random.nextInt(EventType.values().length)];
    EventRecordBuilder event = new EventRecordBuilder(type, 64);
    List<Field> fields = new ArrayList<>(CARRIED);
    fields.addFirst(Field.NAMESPACE);
    for (Field field : fields) {
      if (field == Field.NAMESPACE || random.nextInt(5) > 0) {
        byte[] value = anyText(random).getBytes(UTF_8);
        event.field(field, event.length(), value.length).append(value);
      }
    }
    return event.build(event.length());
  }

  private static String anyText(Random random) {
    String alphabet = "ab.*> =/$\t\n\u0000é\u2028";
    int length = random.nextInt(8) == 0 ? random.nextInt(300) : random.nextInt(12);
    return IntStream.range(0, length)
        .mapToObj(i -> alphabet.substring(letter(random, alphabet)).substring(0, 1))
        .collect(Collectors.joining());
  }

  private static int letter(Random random, String alphabet) {
    return random.nextInt(alphabet.length());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSelectorSelectsExactlyWhatTheIndexCountsAndAllThatMatches(boolean severalPatterns) {
    Random random = Seed.random("aSelectorSelectsExactlyWhatTheIndexCounts");
    RandomEvents awkward = new RandomEvents(random.nextLong());
    List<String> namespaces = List.of("acme", "acme.eu", "a", "*", "x".repeat(120));
    List<EventRecord> events = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      events.add(awkward.next().record(awkward.oneOf(namespaces)));
    }
    List<String> subjects = events.stream().map(SUBJECTS::of).toList();
    for (int i = 0; i < 200; i++) {
      EventFilter filter = anyFilter(random, awkward, awkward.oneOf(namespaces));
      List<Selector> selectors = SUBJECTS.selectors(filter, severalPatterns);
      for (Selector selector : selectors) {
        assertThat(severalPatterns || selector.patterns().size() == 1).isTrue();
        for (int j = 0; j < events.size(); j++) {
          boolean selected = matches(selector, subjects.get(j));
          boolean counted = counts(selector, events.get(j));
          if (selected != counted || (!selected && filter.matches(events.get(j)))) {
            fail("%s on %s: %s", selector.patterns(), subjects.get(j), filter.keys());
          }
        }
      }
    }
  }

  private static EventFilter anyFilter(Random random, RandomEvents awkward, String namespace) {
    EventFilter.Builder filter = EventFilter.in(namespace);
    for (Field field : CARRIED) {
      if (random.nextInt(3) == 0) {
        filter.where(field, awkward.oneOf(RandomEvents.TEXTS));
      }
    }
    if (random.nextInt(4) == 0) {
      filter.where(Field.STREAM, awkward.oneOf(RandomEvents.TEXTS));
    }
    if (random.nextInt(3) == 0) {
      filter.scope(awkward.oneOf(Scope.values()));
    }
    if (random.nextInt(2) == 0) {
      Set<EventType> types = EnumSet.noneOf(EventType.class);
      for (int i = random.nextInt(4); i >= 0; i--) {
        types.add(awkward.oneOf(EventType.values()));
      }
      filter.types(types);
    }
    EventFilter built = filter.build();
    return built.isEmpty() ? EventFilter.in(namespace).build() : built;
  }

  @ParameterizedTest
  @EnumSource(
      value = Field.class,
      names = {
        "WORKFLOW_EXEC_ID",
        "ROOT_WORKFLOW_EXEC_ID",
        "PARENT_WORKFLOW_EXEC_ID",
        "WORKFLOW_NAME"
      })
  void aValueIsSelectedExactly(Field field) {
    Random random = Seed.random("aValueIsSelectedExactly " + field);
    List<EventRecord> events = new RandomEvents(random.nextLong()).records(500, "acme");
    events.addAll(new RandomEvents(random.nextLong()).records(100, "other"));
    for (String value : RandomEvents.TEXTS) {
      EventFilter filter = EventFilter.in("acme").where(field, value).build();
      Selector selector = SUBJECTS.selectors(filter, false).getFirst();
      for (EventRecord event : events) {
        assertThat(matches(selector, SUBJECTS.of(event)))
            .as("%s on %s", selector.patterns(), SUBJECTS.of(event))
            .isEqualTo(filter.matches(event));
      }
    }
  }

  @Test
  void eachConditionIsAWayToSelect() {
    EventFilter filter =
        EventFilter.in("acme")
            .where(Field.WORKFLOW_NAME, "fetch.all")
            .where(Field.WORKFLOW_EXEC_ID, "e")
            .where(Field.ACTIVITY_NAME, "not carried")
            .build();
    assertThat(patterns(filter, true))
        .containsExactly(
            List.of("LOG.event.acme.e.*.*.*.*.*"), List.of("LOG.event.acme.*.*.*.fetch=2eall.*.*"));
  }

  @Test
  void oneTypeIsOnePattern() {
    EventFilter filter =
        EventFilter.in("acme").types(EnumSet.of(EventType.CUSTOM_TASK_FAILED)).build();
    for (boolean severalPatterns : new boolean[] {true, false}) {
      assertThat(patterns(filter, severalPatterns))
          .containsExactly(List.of("LOG.event.acme.*.*.*.*.*.CUSTOM_TASK_FAILED"));
    }
  }

  @Test
  void severalTypesAreSeveralPatternsWhereTheClusterTakesThemAndTheirScopeElsewhere() {
    EventFilter filter =
        EventFilter.in("acme")
            .types(EnumSet.of(EventType.CUSTOM_TASK_FAILED, EventType.ACTIVITY_TASK_FAILED))
            .build();
    assertThat(patterns(filter, true))
        .containsExactly(
            List.of(
                "LOG.event.acme.*.*.*.*.*.ACTIVITY_TASK_FAILED",
                "LOG.event.acme.*.*.*.*.*.CUSTOM_TASK_FAILED"));
    assertThat(patterns(filter, false))
        .containsExactly(List.of("LOG.event.acme.*.*.*.*.activity.*"));
  }

  @Test
  void typesOfBothScopesAreTheWholeNamespaceWhereTheClusterTakesOnePattern() {
    EventFilter filter =
        EventFilter.in("acme")
            .types(EnumSet.of(EventType.WORKFLOW_TASK_FAILED, EventType.ACTIVITY_TASK_FAILED))
            .build();
    assertThat(patterns(filter, true).getFirst()).hasSize(2);
    assertThat(patterns(filter, false)).containsExactly(List.of("LOG.event.acme.>"));
  }

  @Test
  void aScopeIsCountedUnderEachOfItsTypes() {
    EventFilter filter = EventFilter.in("acme").scope(Scope.WORKFLOW).build();
    Selector scope = SUBJECTS.selectors(filter, false).getFirst();
    assertThat(scope.patterns()).containsExactly("LOG.event.acme.*.*.*.*.workflow.*");
    assertThat(scope.keys()).hasSize(7).doesNotHaveDuplicates();
  }

  @Test
  void everythingInANamespaceIsSelectedByTheNamespace() {
    assertThat(patterns(EventFilter.in("a.b").build(), true))
        .containsExactly(List.of("LOG.event.a=2eb.>"));
  }

  private static List<List<String>> patterns(EventFilter filter, boolean severalPatterns) {
    return SUBJECTS.selectors(filter, severalPatterns).stream().map(Selector::patterns).toList();
  }

  @Test
  void anEventHasAKeyForEachValueThatItHas() {
    assertThat(Subjects.keys(SampleEvent.any().parent("p").record("acme")))
        .hasSize(6)
        .doesNotHaveDuplicates();
    EventRecord orphan = SampleEvent.any().record("acme");
    assertThat(Subjects.keys(orphan)).hasSize(5).doesNotHaveDuplicates();
    assertThat(orphan.keys()).contains(Subjects.keys(orphan));
  }
}
