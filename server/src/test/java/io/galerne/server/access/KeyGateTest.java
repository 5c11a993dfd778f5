package io.galerne.server.access;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.galerne.server.access.KeyFile.Created;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyGateTest {
  /// The gate checks the file twice a second.
  private static final Duration TWO_LOOKS = Duration.ofMillis(1200);

  @TempDir private Path folder;
  private Path path;
  private KeyFile file;
  private Created created;

  @BeforeEach
  void makeAKey() {
    path = folder.resolve("keys.json");
    file = new KeyFile(path);
    created = file.add("acme", Set.of(Right.READ));
  }

  private static boolean admits(Gate gate, Created key) {
    return gate.admit("Bearer " + key.secret()).isPresent();
  }

  @Test
  void admitsAKeyWithItsNamespaceAndRights() {
    Created other = file.add("other", Set.of(Right.PUBLISH, Right.READ));
    try (Gate gate = new KeyGate(path)) {
      assertThat(gate.admit("Bearer " + created.secret()))
          .contains(new Caller(created.key().id(), "acme", Set.of(Right.READ)));
      assertThat(gate.admit("Bearer " + other.secret()))
          .contains(new Caller(other.key().id(), "other", Set.of(Right.READ, Right.PUBLISH)));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer %s", "bearer %s", "BEARER %s", "Bearer   %s", "Bearer %s  "})
  void acceptsTheSchemeInAnyCaseAndSpaceAroundTheKey(String header) {
    try (Gate gate = new KeyGate(path)) {
      assertThat(gate.admit(header.formatted(created.secret()))).isPresent();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "%s",
        "Bearer",
        "Bearer ",
        "Bearer%s",
        "Basic %s",
        "Bearer %sx",
        "Bearer x%s",
        "Bearer %s %s",
        "Bearer \"%s\"",
        "Bearer gk_",
        "Token %s"
      })
  void admitsNothingElse(String header) {
    try (Gate gate = new KeyGate(path)) {
      assertThat(gate.admit(header.replace("%s", created.secret()))).isEmpty();
      assertThat(gate.admit(null)).isEmpty();
      assertThat(gate.admit("Bearer " + created.key().sha256())).isEmpty();
      assertThat(gate.admit("Bearer " + created.key().id())).isEmpty();
    }
  }

  @Test
  void admitsANewKeyWithoutARestart() {
    try (Gate gate = new KeyGate(path)) {
      Created second = file.add("acme", Set.of(Right.PUBLISH));
      await().until(() -> admits(gate, second));
      assertThat(admits(gate, created)).isTrue();
    }
  }

  @Test
  void refusesARevokedKey() {
    Created second = file.add("acme", Set.of(Right.PUBLISH));
    try (Gate gate = new KeyGate(path)) {
      Caller caller = gate.admit("Bearer " + created.secret()).orElseThrow();
      assertThat(gate.stillAdmits(caller)).isTrue();
      file.revoke(created.key().id());
      await().until(() -> !admits(gate, created));
      assertThat(gate.stillAdmits(caller)).isFalse();
      assertThat(admits(gate, second)).isTrue();
    }
  }

  @Test
  void refusesAKeyWithinTwoSecondsOfRevocationThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("link"), path);
    try (Gate gate = new KeyGate(path);
        Gate linked = new KeyGate(link)) {
      assertThat(new KeyFile(link).revoke(created.key().id())).isTrue();
      await()
          .atMost(Duration.ofSeconds(2))
          .until(() -> !admits(gate, created) && !admits(linked, created));
    }
  }

  @Test
  void refusesACallerWhoseRightsHaveChanged() throws Exception {
    try (Gate gate = new KeyGate(path)) {
      Caller caller = gate.admit("Bearer " + created.secret()).orElseThrow();
      Files.writeString(path, Files.readString(path).replace("\"read\"", "\"publish\""));
      await().until(() -> !gate.stillAdmits(caller));
      assertThat(gate.admit("Bearer " + created.secret()))
          .hasValueSatisfying(now -> assertThat(now.may()).containsExactly(Right.PUBLISH));
    }
  }

  @Test
  void keepsItsKeysUntilAMalformedFileIsFixed() throws Exception {
    try (Gate gate = new KeyGate(path)) {
      String good = Files.readString(path);
      Caller caller = gate.admit("Bearer " + created.secret()).orElseThrow();
      Files.writeString(path, good.substring(0, good.length() / 2));
      await()
          .during(TWO_LOOKS)
          .atMost(Duration.ofSeconds(20))
          .until(() -> admits(gate, created) && gate.stillAdmits(caller));
      Files.writeString(path, good);
      Created second = file.add("acme", Set.of(Right.READ));
      await().until(() -> admits(gate, second));
    }
  }

  @Test
  void keepsItsKeysWhileTheFileCannotBeRead() throws Exception {
    try (Gate gate = new KeyGate(path)) {
      Path aside = Files.copy(path, folder.resolve("aside"));
      Path unreadable = Files.createDirectory(folder.resolve("unreadable")); // also by root
      Path link = Files.createSymbolicLink(folder.resolve("link"), unreadable);
      Files.move(link, path, ATOMIC_MOVE); // so the file is never missing
      await().during(TWO_LOOKS).atMost(Duration.ofSeconds(20)).until(() -> admits(gate, created));
      Created second = new KeyFile(aside).add("acme", Set.of(Right.READ));
      Files.move(aside, path, ATOMIC_MOVE);
      await().until(() -> admits(gate, second));
      assertThat(admits(gate, created)).isTrue();
    }
  }

  /// For example after a change of its mode, which does not change time, size or inode.
  @Test
  void retriesAnUnreadableFileWhoseStampIsUnchanged() throws Exception {
    try (Gate gate = new KeyGate(path)) {
      Path aside = Files.copy(path, folder.resolve("aside"));
      Created second = new KeyFile(aside).add("acme", Set.of(Right.READ));
      String good = Files.readString(aside);
      Files.writeString(path, "x" + good.substring(1));
      FileTime time = Files.getLastModifiedTime(path);
      await().during(TWO_LOOKS).atMost(Duration.ofSeconds(20)).until(() -> admits(gate, created));
      assertThat(admits(gate, second)).isFalse();
      Files.writeString(path, good);
      Files.setLastModifiedTime(path, time);
      await().until(() -> admits(gate, second));
    }
  }

  @Test
  void admitsNoKeyWhileTheFileIsMissing() throws Exception {
    try (Gate gate = new KeyGate(path)) {
      Caller caller = gate.admit("Bearer " + created.secret()).orElseThrow();
      Files.move(path, folder.resolve("aside"));
      await().until(() -> !admits(gate, created) && !gate.stillAdmits(caller));
      Files.move(folder.resolve("aside"), path);
      await().until(() -> admits(gate, created) && gate.stillAdmits(caller));
    }
  }

  @Test
  void doesNotStartWithoutAFileAndSaysHowToCreateOne() {
    Path missing = folder.resolve("missing.json");
    assertThatThrownBy(() -> new KeyGate(missing))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(missing.toString())
        .hasMessageContaining("galerne keys add");
    assertThatThrownBy(() -> new KeyGate(folder)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotStartWithAMalformedFile() throws Exception {
    Files.writeString(path, "{");
    assertThatThrownBy(() -> new KeyGate(path))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(path.toString());
  }

  @Test
  void withoutKeysEveryoneMayUseTheDefaultNamespace() {
    try (Gate gate = Gate.open()) {
      Caller caller = gate.admit(null).orElseThrow();
      assertThat(caller.namespace()).isEqualTo("default");
      assertThat(caller.may()).containsExactlyInAnyOrder(Right.READ, Right.PUBLISH);
      assertThat(gate.admit("Bearer whatever")).contains(caller);
      assertThat(gate.stillAdmits(caller)).isTrue();
    }
  }
}
