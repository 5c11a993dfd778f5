package io.galerne.server.log.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.galerne.server.log.EventFilter;
import io.galerne.server.log.EventLog;
import io.galerne.server.log.EventLogHarness;
import io.galerne.server.log.EventRecord;
import io.galerne.server.log.Logs;
import io.galerne.server.log.runs.RunOracle.Told;
import io.galerne.server.log.runs.RunOracle.Wanted;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The part of the contract of a log about runs: they always equal a naive fold over the retained
/// events.
public interface RunContract extends EventLogHarness {
  int LISTS_PER_STEP = 6;

  /// The number of commits in a history.
  default int commits() {
    return 120;
  }

  /// Reopens the closed log after deleting the runs, which are derived from the events.
  EventLog reopenWithoutDerivedData();

  @Test
  default void runsEqualAFoldOverTheRetainedEvents() {
    long seed = System.nanoTime();
    System.out.println("runsEqualAFoldOverTheRetainedEvents seed " + seed);
    Random random = new Random(seed);
    RunHistories histories = new RunHistories(random);
    NavigableMap<Long, Duration> ages = new TreeMap<>();
    Duration now = Duration.ZERO;
    EventLog log = openFresh();
    try {
      for (int i = 0; i < commits(); i++) {
        ages.put(log.range().head() + 1, now);
        Logs.append(log, histories.next(1 + random.nextInt(histories.chance(10) ? 60 : 6)));
        assertRuns(log, histories);
        if (histories.chance(8)) {
          Duration step = RETENTION_AGE.dividedBy(4).plusSeconds(1);
          advance(step);
          now = now.plus(step);
          awaitExpiry(log, ages, now);
          assertRuns(log, histories);
        }
        if (histories.chance(15)) {
          log.close();
          log = histories.chance(2) ? reopen() : reopenWithoutDerivedData();
          assertRuns(log, histories);
        }
      }
    } finally {
      log.close();
    }
  }

  private static void awaitExpiry(EventLog log, NavigableMap<Long, Duration> ages, Duration now) {
    long head = log.range().head();
    long oldest =
        ages.entrySet().stream()
            .filter(age -> age.getKey() <= head)
            .filter(age -> age.getValue().plus(RETENTION_AGE).compareTo(now) >= 0)
            .map(Map.Entry::getKey)
            .findFirst()
            .orElse(head + 1);
    await().atMost(Duration.ofSeconds(20)).until(() -> log.range().oldest() >= oldest);
    assertThat(log.range().oldest()).isEqualTo(oldest);
  }

  private static void assertRuns(EventLog log, RunHistories histories) {
    NavigableMap<Long, EventRecord> events = new TreeMap<>();
    for (String namespace : RunHistories.NAMESPACES) {
      EventFilter all = EventFilter.in(namespace).build();
      Logs.readAll(log, all, log.range().oldest())
          .forEach(entry -> events.put(entry.sequence(), entry.event()));
    }
    RunOracle oracle = new RunOracle(events);
    for (String namespace : RunHistories.NAMESPACES) {
      assertList(log, oracle, Wanted.all(namespace), 3);
      for (int i = 0; i < 8; i++) {
        assertThat(log.runs().run(namespace, "run-" + i).map(Told::of))
            .isEqualTo(oracle.run(namespace, "run-" + i));
        assertThat(log.runs().newestRun(namespace, "exec-" + i).map(Told::of))
            .isEqualTo(oracle.newestRun(namespace, "exec-" + i));
      }
    }
    for (int i = 0; i < LISTS_PER_STEP; i++) {
      assertList(log, oracle, histories.wanted(), 1 + histories.pick(List.of(0, 1, 4, 1000)));
    }
  }

  private static void assertList(EventLog log, RunOracle oracle, Wanted wanted, int pageSize) {
    List<Told> listed = pages(log, wanted, pageSize);
    List<Told> expected = new ArrayList<>();
    for (Map.Entry<Long, Set<Told>> atOnce : oracle.list(wanted).entrySet()) {
      List<Told> here =
          listed.stream().skip(expected.size()).limit(atOnce.getValue().size()).toList();
      assertThat(here).as("%s at %s", wanted, atOnce.getKey()).hasSameElementsAs(atOnce.getValue());
      expected.addAll(here);
    }
    assertThat(listed).as("%s", wanted).isEqualTo(expected).doesNotHaveDuplicates();
  }

  private static List<Told> pages(EventLog log, Wanted wanted, int pageSize) {
    List<Told> listed = new ArrayList<>();
    Optional<RunPosition> after = Optional.empty();
    do {
      RunPage page = log.runs().list(wanted.query(), after, pageSize);
      assertThat(page.runs()).hasSizeLessThanOrEqualTo(pageSize);
      page.runs().forEach(run -> listed.add(Told.of(run)));
      after = page.next();
    } while (after.isPresent());
    return listed;
  }

  @Test
  default void pagingNeitherSkipsNorRepeatsWhileRunsStartAndEnd() {
    long seed = System.nanoTime();
    System.out.println("pagingNeitherSkipsNorRepeatsWhileRunsStartAndEnd seed " + seed);
    Random random = new Random(seed);
    try (EventLog log = openFresh()) {
      LiveRuns runs = new LiveRuns(log, random);
      for (int i = 0; i < 60; i++) {
        runs.start();
      }
      for (int i = 0; i < 30; i++) {
        runs.end();
      }
      for (boolean ascending : List.of(false, true)) {
        for (boolean byEnd : List.of(false, true)) {
          Wanted wanted =
              new Wanted(
                  "acme", null, null, null, Set.of(), byEnd, ascending, null, null, null, null);
          Set<String> expected = new HashSet<>();
          pages(log, wanted, 1000).forEach(run -> expected.add(run.run()));
          List<String> seen = new ArrayList<>();
          Optional<RunPosition> after = Optional.empty();
          do {
            RunPage page = log.runs().list(wanted.query(), after, 1 + random.nextInt(7));
            page.runs().forEach(run -> seen.add(run.runId()));
            after = page.next();
            if (seen.size() < 80) { // otherwise the ascending list would never end
              runs.start();
              runs.end();
              runs.end();
              runs.start();
            }
          } while (after.isPresent());
          assertThat(seen).as("%s", wanted).doesNotHaveDuplicates().containsAll(expected);
        }
      }
    }
  }
}
